"""Published values: values that others announced, one row per announcement; a correction is a further row."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models import User


class Qualifier(models.TextChoices):
    """How an announced value is meant."""

    EXACT = "exact", _("Exact")
    ABOUT = "about", _("About")
    MORE_THAN = "more_than", _("More than")
    DERIVED = "derived", _("Derived from other published values")
    FORECAST = "forecast", _("Forecast")


class PublishedValueQuerySet(models.QuerySet["PublishedValue"]):
    def newest(self, as_of: datetime | None = None) -> PublishedValueQuerySet:
        """Of every stated date of a series the vintage entered last, or entered last by `as_of`; oldest date first.

        Values stated for different dates stand side by side, also where both end on the same day.
        """
        known = self.filter(entered_at__lte=as_of) if as_of else self
        vintages = known.order_by("series", "stated_date", "-entered_at", "-pk")
        return self.filter(pk__in=vintages.distinct("series", "stated_date").values("pk")).order_by(
            "on", "pk"
        )


class PublishedValue(models.Model):
    """One vintage of one value. Rows are only ever added: `newest` tells which one holds.

    `stated_date` is a year (2025) or a month (2025-09) and `on` its last day. `vintage` is the day of the
    announcement where that is known; `entered_at` is when it became known here, which `as_of` goes by. It is
    `verified` where the source is a publication of an official body; that is part of what was entered, so that
    another verdict on the same value is a further row.
    """

    series = models.CharField(max_length=48)
    stated_date = models.CharField(max_length=7)
    on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    unit = models.CharField(max_length=24)
    qualifier = models.CharField(max_length=12, choices=Qualifier)
    verified = models.BooleanField(default=False)
    source = models.CharField(max_length=500)
    note = models.CharField(max_length=500, blank=True)
    vintage = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    #: null for values that came with the code lists
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    objects = PublishedValueQuerySet.as_manager()

    class Meta:
        ordering = ["series", "on", "entered_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stated_date__regex=r"^20\d\d(-(0[1-9]|1[0-2]))?$"),
                name="published_value_date_form",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="published_value_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="published_value_has_source"),
            models.UniqueConstraint(
                fields=["series", "stated_date", "value", "qualifier", "source", "vintage", "verified"],
                nulls_distinct=False,
                name="published_value_entered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.stated_date} = {self.value}"

    @property
    def is_forecast(self) -> bool:
        """Whether the value was expected and not yet observed when it was announced."""
        return self.qualifier == Qualifier.FORECAST
