"""A school on LearnWorlds for development, at /dev/learnworlds: it signs people in and sends webhooks as one."""

from app.loopback_school.routes import school_routes

__all__ = ["school_routes"]
