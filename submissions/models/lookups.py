"""Lookup of very many values, sent as one array where `in` would make a parameter of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, F, Lookup
from django.db.models.sql.compiler import SQLCompiler


class AnyOf(Lookup):
    """True where the left side is one of these numbers."""

    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, lhs: Expression | F, rhs: Iterable[int]) -> None:
        super().__init__(lhs, list(rhs))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, self.rhs]
