"""Changes: which figures differ between two moments, compared in the database."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

_DIFFERING = """
    SELECT count(*)
    FROM (SELECT * FROM national_figure
          WHERE valid_from <= %(old)s AND valid_to > %(old)s AND valid_to <= %(new)s) AS was
    FULL JOIN (SELECT * FROM national_figure
               WHERE valid_from > %(old)s AND valid_from <= %(new)s AND (valid_to IS NULL OR valid_to > %(new)s)
              ) AS said
    USING (indicator, area, period, breakdown, breakdown_value)
    WHERE (was.value, was.records, was.units_accepted)
          IS DISTINCT FROM (said.value, said.records, said.units_accepted)
"""


def count(old: datetime, new: datetime) -> int:
    """How many figures of `new` are not what they were at `old`, those that came and went included."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING, {"old": old, "new": new})
        found: int = cursor.fetchone()[0]
    return found
