"""Summing: provincial and national figures as exact sums of the stored figures of units, in the database."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from national.areas import NATION

#: Sums of the units' figures in force, for the country and for the province of one unit. Every row counts
#: the units whose register is in force, whether or not they have a record in that part of a breakdown.
_SUMS = f"""
    WITH members (area, area_type, unit) AS (
        SELECT '{NATION}', 'national', code FROM submissions_unit
        UNION ALL
        SELECT '{NATION}-' || left(province, 2), 'province', code FROM submissions_unit
        WHERE province = (SELECT province FROM submissions_unit WHERE code = %(unit)s)
    ),
    expected AS (SELECT area, count(*) AS units FROM members GROUP BY area),
    held AS (
        SELECT members.area AS of_area, members.area_type AS of_type, figure.*
        FROM national_figure figure JOIN members ON members.unit = figure.area
        WHERE figure.period = %(period)s AND figure.area_type = 'unit' AND figure.valid_to IS NULL
              AND figure.indicator = ANY(%(indicators)s)
    ),
    accepted AS (
        SELECT of_area, indicator, count(*) AS units FROM held WHERE breakdown = 'total' GROUP BY 1, 2
    ),
    sums AS (
        SELECT held.indicator, held.of_area AS area, held.of_type AS area_type, held.breakdown,
               held.breakdown_value, sum(held.value) AS value, sum(held.records) AS records,
               accepted.units AS units_accepted, expected.units AS units_expected,
               max(held.rule_version) AS rule_version
        FROM held
        JOIN accepted USING (of_area, indicator)
        JOIN expected ON expected.area = held.of_area
        GROUP BY 1, 2, 3, 4, 5, accepted.units, expected.units
    )
"""  # noqa: S608 made of constants

_CLOSE = f"""{_SUMS}
    UPDATE national_figure figure SET valid_to = %(moment)s
    WHERE figure.period = %(period)s AND figure.valid_to IS NULL AND figure.indicator = ANY(%(indicators)s)
          AND figure.area IN (SELECT area FROM expected)
          AND NOT EXISTS (
              SELECT FROM sums WHERE sums.indicator = figure.indicator AND sums.area = figure.area
              AND sums.breakdown = figure.breakdown AND sums.breakdown_value = figure.breakdown_value
              AND (sums.value, sums.records, sums.units_accepted, sums.units_expected, sums.rule_version)
                = (figure.value, figure.records, figure.units_accepted, figure.units_expected,
                   figure.rule_version))
"""  # noqa: S608 made of constants

#: After _CLOSE whatever is left in force equals its sum, so that only new and changed sums are missing.
_OPEN = f"""{_SUMS}
    INSERT INTO national_figure (indicator, area, area_type, period, breakdown, breakdown_value, value,
        records, units_accepted, units_expected, rule_version, valid_from)
    SELECT indicator, area, area_type, %(period)s, breakdown, breakdown_value, value, records,
           units_accepted, units_expected, rule_version, %(moment)s
    FROM sums WHERE NOT EXISTS (
        SELECT FROM national_figure figure
        WHERE figure.indicator = sums.indicator AND figure.area = sums.area AND figure.period = %(period)s
              AND figure.breakdown = sums.breakdown AND figure.breakdown_value = sums.breakdown_value
              AND figure.valid_to IS NULL)
"""  # noqa: S608 made of constants


def sum_units(*, unit: str, period: str, indicators: list[str], moment: datetime) -> None:
    """Bring the figures of the country and of `unit`'s province up to those of their units.

    Closes and opens at `moment` only what differs. Needs the period's lock.
    """
    params = {"unit": unit, "period": period, "indicators": indicators, "moment": moment}
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, params)
        cursor.execute(_OPEN, params)
