"""Schema changes: SQL pairs in ``shared/`` and ``tool/``, run by Alembic, one branch for each tool."""

from db.migrations.needs import forget_dropped_needs
from db.migrations.run import MigrationError, applied_and_known, create_gateway_role, downgrade, upgrade

__all__ = ["MigrationError", "applied_and_known", "create_gateway_role", "downgrade", "forget_dropped_needs", "upgrade"]
