"""Rows as Python sees them."""
