"""Reads that are data from end to end: an operation becomes one statement and a template that its rows fill."""
