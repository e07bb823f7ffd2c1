"""Service keys: what they look like, what they may do, who manages them."""
