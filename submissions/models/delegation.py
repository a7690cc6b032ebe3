"""Delegations: a signer on leave lends a preparer the right to sign, from one day to another."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from submissions.models.user import Role, User


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, day: date) -> DelegationQuerySet:
        """Return delegations that hold on `day`, both ends included, if their signer still may sign."""
        lent = self.not_ended().filter(by__is_active=True, by__role=Role.UNIT_SIGNER)
        return lent.filter(starts__lte=day, ends__gte=day)

    def not_ended(self) -> DelegationQuerySet:
        """Return delegations that nobody ended early."""
        return self.filter(ended_at__isnull=True)


class Delegation(models.Model):
    """`deputy` may sign from `starts` to `ends`, as `by` decided. Rows are added and ended, never changed."""

    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    starts = models.DateField()
    ends = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lte=F("ends")), name="delegation_days_in_order"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id}: {self.starts} – {self.ends}"
