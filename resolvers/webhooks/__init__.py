"""Webhooks: admins have events of their organisation told to systems outside."""
