"""Passwords, invitations and the mails about them."""
