"""Prints documents as PDF, in processes of their own that can be given up at any moment."""

from integrations.pdf.press import Press, PressBusy, PressFailed, PressNotInstalled

__all__ = ["Press", "PressBusy", "PressFailed", "PressNotInstalled"]
