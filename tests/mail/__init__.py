"""Writing and sending mail, on real SMTP servers of this machine."""
