"""Decisions about the tools: what is open, what is stale, saving, submitting, reviewing, exporting."""
