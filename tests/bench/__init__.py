"""The bench: its questions, its peers, what it makes of figures."""
