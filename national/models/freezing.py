"""Freezing: triggers that refuse whatever would alter the figures of a release, and mark a period as changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pgtrigger
from django.db import models

_REFUSE = """
    IF EXISTS ({offending}) THEN
        RAISE EXCEPTION 'figures of a release are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
"""
#: what closing a figure writes
_CLOSING = ("valid_to", "closed_by")
_FROZEN = "(SELECT max(moment) FROM national_release)"
MARK = """
    INSERT INTO national_periodmark AS mark (period, changes, changed_at)
    SELECT period, 1, clock_timestamp() FROM {rows} GROUP BY period ORDER BY period
    ON CONFLICT (period) DO UPDATE SET changes = mark.changes + 1, changed_at = clock_timestamp();
    RETURN NULL;
"""

#: figures whose span of validity would reach into the time before the newest release
_OPENED = f"SELECT 1 FROM opened WHERE valid_from <= {_FROZEN}"  # noqa: S608 made of constants
_REMOVED = f"SELECT 1 FROM closed WHERE valid_from <= {_FROZEN}"  # noqa: S608 made of constants


def _altered(model: type[models.Model]) -> str:
    """A figure that a release holds may be closed after that release, once, and nothing else."""
    columns = [field.column for field in model._meta.fields if field.name not in _CLOSING]
    said, was = (", ".join(f"{side}.{column}" for column in columns) for side in ("opened", "closed"))
    return f"""
        SELECT 1 FROM closed LEFT JOIN opened ON opened.id = closed.id
        WHERE closed.valid_from <= {_FROZEN}
        AND (ROW({said}) IS DISTINCT FROM ROW({was})
             OR coalesce(closed.valid_to, 'infinity') <> coalesce(opened.valid_to, 'infinity')
                AND least(closed.valid_to, opened.valid_to) <= {_FROZEN})
    """  # noqa: S608 made of column names


class _Guard(pgtrigger.Trigger):
    """After one kind of statement, over all of its rows at once."""

    level = pgtrigger.Statement
    when = pgtrigger.After

    def __init__(self, name: str, offending: Callable[[type[models.Model]], str], rows: str, **how: Any):
        super().__init__(name=name, **how)
        self._offending, self._rows = offending, rows

    def get_func(self, model: type[models.Model]) -> str:  # type: ignore[override]  # pgtrigger gives the class
        return _REFUSE.format(offending=self._offending(model)) + MARK.format(rows=self._rows)


FROZEN_ONCE_RELEASED = [
    _Guard(
        "figure_opened",
        lambda model: _OPENED,
        "opened",
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="opened"),  # type: ignore[no-untyped-call]
    ),
    _Guard(
        "figure_altered",
        _altered,
        "opened",
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="closed", new="opened"),  # type: ignore[no-untyped-call]
    ),
    _Guard(
        "figure_removed",
        lambda model: _REMOVED,
        "closed",
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="closed"),  # type: ignore[no-untyped-call]
    ),
]
