"""Reporting periods with the days on which they open, are due and close."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from validation import Period as Quarter


class PeriodQuerySet(models.QuerySet["Period"]):
    def open_on(self, day: date) -> PeriodQuerySet:
        """Return periods that take uploads on `day`."""
        return self.filter(opens__lte=day, closes__gte=day)


class Period(models.Model):
    """A quarter that is or was collected, e.g. 2026Q3."""

    code = models.CharField(max_length=6, primary_key=True)
    opens = models.DateField()
    due = models.DateField()
    closes = models.DateField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lte=F("due")) & Q(due__lte=F("closes")), name="period_days_in_order"
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^20\d\dQ[1-4]$"), name="period_code_form"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.code)
