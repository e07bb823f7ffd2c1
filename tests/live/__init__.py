"""Subscriptions: what comes, to whom, over which protocol, and how it ends."""
