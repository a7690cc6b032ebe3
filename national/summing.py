"""Summing: provincial and national figures as exact sums of the stored figures of units, added up in the database."""

from __future__ import annotations

from typing import Any

from django.db import connection

from national.areas import NATION

#: For the country and for the province of one unit. Every sum counts the units whose register is in force,
#: whether or not they have a record in that part of a breakdown.
_SUMS = f"""
    WITH members (area, area_type, unit) AS (
        SELECT '{NATION}', 'national', code FROM submissions_unit
        UNION ALL
        SELECT '{NATION}-' || left(province, 2), 'province', code FROM submissions_unit
        WHERE province = (SELECT province FROM submissions_unit WHERE code = %(unit)s)
    ),
    expected AS (SELECT area, count(*) AS units FROM members GROUP BY area),
    held AS MATERIALIZED (
        SELECT area AS unit, indicator, breakdown, breakdown_value, value, records, rule_version
        FROM national_figure
        WHERE period = %(period)s AND area_type = 'unit' AND valid_to IS NULL
              AND indicator = ANY(%(indicators)s)
    ),
    accepted AS (
        SELECT area, indicator, count(*) AS units FROM held JOIN members USING (unit)
        WHERE breakdown = 'total' GROUP BY 1, 2
    ),
    sums AS (
        SELECT area, area_type, indicator, breakdown, breakdown_value, sum(value) AS value,
               sum(records)::bigint AS records, max(rule_version) AS rule_version
        FROM held JOIN members USING (unit) GROUP BY 1, 2, 3, 4, 5
    )
    SELECT indicator, area, area_type, breakdown, breakdown_value, value, value, NULL, NULL, records, 0,
           accepted.units, 0, expected.units, '', rule_version, NULL
    FROM sums JOIN accepted USING (area, indicator) JOIN expected USING (area)
"""  # noqa: S608 made of constants


def sums_of_units(*, unit: str, period: str, indicators: list[str]) -> list[tuple[Any, ...]]:
    """Figures of the country and of `unit`'s province: the columns of `recording.FIGURE`, one tuple each."""
    params = {"unit": unit, "period": period, "indicators": indicators}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, params)
        return cursor.fetchall()
