"""Public figures: the database view through which everyone but national staff reads figures."""

from __future__ import annotations

from django.db import models

from national.models.figure import AreaType, FigureQuerySet
from submissions.models import Submission

#: indicators that count things: their totals are public for every area at once
HEADLINES = (
    "NET_COUNT", "NET_OPERATING", "NET_PIPELINE", "NET_WITH_AI", "AI_COUNT", "AI_TRIAL", "AI_ON_5G",
    "SITES_5G", "SITES_AI", "SITES_5G_AI", "GROUPS_COVERED",
)  # fmt: skip

#: and those whose total is public for the country at once: a target is read from it
COUNTRY_HEADLINES = ("NET_GRADED_SHARE",)

#: The view. A figure is in it when it is a headline or was cleared; withheld ones are without any number. What a
#: number beside the value would give away goes with it: records of sums are counts, strict values are sums of fewer
#: units. Make the view anew by a migration when figures get a column.
VIEW = f"""
    CREATE VIEW national_publicfigure AS
    SELECT id, indicator, area, area_type, period, breakdown, breakdown_value,
           CASE WHEN shown THEN value END AS value,
           CASE WHEN headline OR shown AND units_carried = 0 THEN value_strict END AS value_strict,
           CASE WHEN shown THEN numerator END AS numerator,
           CASE WHEN shown THEN denominator END AS denominator,
           CASE WHEN shown AND (breakdown = 'total' OR counts OR denominator IS NOT NULL) THEN records END AS records,
           CASE WHEN shown AND breakdown = 'total' THEN records_carried END AS records_carried,
           units_accepted, units_carried, units_expected, carried_from, rule_version,
           submission_id, change_id, closed_by_id, valid_from, valid_to, NOT shown AS suppressed
    FROM (
        SELECT told.*, headline OR coalesce(state = 'open', false) AS shown
        FROM (
            SELECT figure.*, clearance.state,
                   indicator IN ({", ".join(f"'{code}'" for code in HEADLINES)}) AS counts,
                   breakdown = 'total'
                   AND (indicator IN ({", ".join(f"'{code}'" for code in HEADLINES)})
                        OR area_type = 'national'
                        AND indicator IN ({", ".join(f"'{code}'" for code in COUNTRY_HEADLINES)})) AS headline
            FROM national_figure AS figure
            LEFT JOIN national_clearance AS clearance ON clearance.figure_id = figure.id
        ) AS told
        WHERE headline OR state IN ('open', 'withheld')
    ) AS seen
"""  # noqa: S608 made of constants


class PublicFigure(models.Model):
    """A figure as the public may read it, with the columns of Figure; `value` and its like are null where
    `suppressed`. Never written."""

    indicator = models.CharField(max_length=24)
    area = models.CharField(max_length=6)
    area_type = models.CharField(max_length=8, choices=AreaType)
    period = models.CharField(max_length=6)
    breakdown = models.CharField(max_length=24)
    breakdown_value = models.CharField(max_length=24)
    value = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    value_strict = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    records = models.PositiveIntegerField(null=True)
    records_carried = models.PositiveIntegerField(null=True)
    units_accepted = models.PositiveSmallIntegerField()
    units_carried = models.PositiveSmallIntegerField()
    units_expected = models.PositiveSmallIntegerField()
    carried_from = models.CharField(max_length=6)
    rule_version = models.PositiveSmallIntegerField()
    submission = models.ForeignKey(Submission, on_delete=models.DO_NOTHING, null=True, related_name="+")
    change = models.ForeignKey("national.Change", on_delete=models.DO_NOTHING, related_name="+")
    closed_by = models.ForeignKey("national.Change", on_delete=models.DO_NOTHING, null=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    suppressed = models.BooleanField()

    objects = FigureQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "national_publicfigure"
        ordering = ["period", "area", "indicator", "breakdown", "breakdown_value"]

    def __str__(self) -> str:
        return f"{self.indicator} {self.area} {self.period} = {self.value}"
