"""Everyone else's systems, behind promises that the rooms above have made. Knows nothing of our own data."""
