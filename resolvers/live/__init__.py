"""What happens, told to those who listen while it does."""
