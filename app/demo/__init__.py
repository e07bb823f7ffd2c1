"""Demo data: two companies whose people have worked through part of the programme."""

from app.demo.seed import SeedRefused, is_demo, seed

__all__ = ["SeedRefused", "is_demo", "seed"]
