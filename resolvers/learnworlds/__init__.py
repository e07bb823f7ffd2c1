"""Signing in through the school on LearnWorlds."""
