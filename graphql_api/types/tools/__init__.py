"""The tools: what the catalogue says of them, and what a participant has made of them."""
