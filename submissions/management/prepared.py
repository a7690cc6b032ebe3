"""What commands that enter data need first: a database that `manage.py prepare` has set up."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def require_prepared() -> None:
    """Raise CommandError where tables are missing or older than the program."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "The database is not ready: run `manage.py prepare` first. 请先运行 manage.py prepare。"
        )
