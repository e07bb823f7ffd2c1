"""Composition: settings, database, gateway, pages and commands. Sees every room, is seen by none."""
