"""Stored figures: one indicator for one area, period and breakdown, with the span of system time it held."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from national.models.change import Change
from national.models.freezing import FROZEN_ONCE_RELEASED
from submissions.models import Submission


class AreaType(models.TextChoices):
    NATIONAL = "national", _("National")
    PROVINCE = "province", _("Province")
    UNIT = "unit", _("Reporting unit")


class FigureQuerySet(models.QuerySet["Figure"]):
    def in_force(self) -> FigureQuerySet:
        """Return the rows in force."""
        return self.filter(valid_to__isnull=True)

    def as_of(self, moment: datetime) -> FigureQuerySet:
        """Return the rows that were in force at `moment`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=moment), valid_from__lte=moment)

    def known(self, moment: datetime | None) -> FigureQuerySet:
        """Return rows that are or were in force and began by `moment`; None sets no limit."""
        return self.filter(valid_from__lte=moment) if moment else self.all()


class Figure(models.Model):
    """One number. National and provincial figures are made exactly from the stored figures of units.

    `area` is CN, a province as CN-33 (with its city with separate plan) or a reporting unit's
    six-digit code. `breakdown` is "total" or a dimension; `breakdown_value` is empty for the total.
    A unit without an accepted register for the period is carried forward from its last one: `value` holds
    it, `value_strict` does not. There is no figure where there is nothing to divide by.
    """

    indicator = models.CharField(max_length=24)
    area = models.CharField(max_length=6)
    area_type = models.CharField(max_length=8, choices=AreaType)
    period = models.CharField(max_length=6)
    breakdown = models.CharField(max_length=24, default="total")
    breakdown_value = models.CharField(max_length=24, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=4)
    #: of the units accepted for the period itself; null when there is none, or nothing to divide by
    value_strict = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    #: of means and shares, exact: value = numerator ÷ denominator (× 100 for shares); null for the others
    numerator = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    #: records behind the value, and how many of them are carried forward
    records = models.PositiveIntegerField()
    records_carried = models.PositiveIntegerField(default=0)
    #: units behind the value: accepted for the period, and carried forward; of those that report
    units_accepted = models.PositiveSmallIntegerField()
    units_carried = models.PositiveSmallIntegerField(default=0)
    units_expected = models.PositiveSmallIntegerField()
    #: of a unit's figure that is carried forward: the period of its register; else empty
    carried_from = models.CharField(max_length=6, blank=True)
    rule_version = models.PositiveSmallIntegerField()
    #: the submission a unit's figure comes from; null for sums over units
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="figures"
    )
    #: no columns: `queries.readable` and `with_status` add them to what they give
    suppressed: bool
    status: str
    #: why it came to be, and why it ceased
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="opened", db_index=False)
    closed_by = models.ForeignKey(
        Change, on_delete=models.PROTECT, null=True, blank=True, related_name="closed", db_index=False
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["period", "area", "indicator", "breakdown", "breakdown_value"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period", "breakdown", "breakdown_value"],
                condition=Q(valid_to__isnull=True),
                name="figure_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(area_type="unit", submission__isnull=False)
                | (~Q(area_type="unit") & Q(submission__isnull=True)),
                name="figure_of_unit_has_submission",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="figure_span_in_order",
            ),
            models.CheckConstraint(
                condition=Q(units_accepted__gte=1) | Q(units_carried__gte=1),
                name="figure_has_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(units_expected__gte=F("units_accepted") + F("units_carried")),
                name="figure_units_within_expected",
            ),
            models.CheckConstraint(
                condition=Q(records__gte=F("records_carried")), name="figure_records_carried_within"
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, denominator__gt=0),
                name="figure_quotient_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, closed_by__isnull=True)
                | Q(valid_to__isnull=False, closed_by__isnull=False),
                name="figure_closed_by_a_change",
            ),
        ]
        indexes = [
            # questions by area and period, at any past moment too; and the history of one figure, which for the
            # country is one of thousands that an indicator has in a period
            models.Index(
                fields=["period", "area", "indicator", "breakdown", "breakdown_value"], name="figure_history"
            ),
            # sums over units: stays as small as what is in force, however long the history
            models.Index(
                fields=["period", "area_type", "indicator"],
                condition=Q(valid_to__isnull=True),
                name="figure_in_force",
            ),
            # when a figure was closed last: by which clients see that theirs are not the newest
            models.Index(fields=["valid_to"], condition=Q(valid_to__isnull=False), name="figure_closed"),
        ]
        triggers = FROZEN_ONCE_RELEASED

    def __str__(self) -> str:
        return f"{self.indicator} {self.area} {self.period} = {self.value}"
