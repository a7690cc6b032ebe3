"""Plans: the goals that units set themselves, by year; a changed plan is a further row."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from submissions.models import Unit, User


class PlanQuerySet(models.QuerySet["Plan"]):
    def newest(self, as_of: datetime | None = None) -> PlanQuerySet:
        """Of every unit and year the plan entered last, or entered last by `as_of`."""
        known = self.filter(entered_at__lte=as_of) if as_of else self
        latest = (
            known.order_by("unit_id", "year", "-entered_at", "-pk").distinct("unit_id", "year").values("pk")
        )
        return self.filter(pk__in=latest).order_by("unit_id", "year")


class Plan(models.Model):
    """A unit's goal for its number of networks at the end of a year. Rows are only ever added."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    goal = models.PositiveIntegerField()
    source = models.CharField(max_length=500)
    entered_at = models.DateTimeField(auto_now_add=True)
    #: null for plans of the demo
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "year", "entered_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=2026, year__lte=2030), name="plan_year_of_roadmap"),
            models.CheckConstraint(condition=~Q(source=""), name="plan_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}: {self.goal}"
