"""Help from n8n: what it is told, what is answered when it does not answer, how often it may be asked."""
