"""How soon subscribers hear of a commit."""
