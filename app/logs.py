"""What the process writes about itself: one line for an event, to standard error."""

import logging

from app.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Log from the set level up; libraries only what an operator has to act on."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING, force=True)
    logging.getLogger("fast_track_graph").setLevel(settings.log_level.upper())
