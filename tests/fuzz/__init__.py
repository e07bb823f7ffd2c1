"""Thousands of random requests to every path: none is a fault of ours, and no answer and no log tells a secret."""
