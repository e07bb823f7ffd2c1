"""What keeping the history costs a save."""
