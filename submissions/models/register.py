"""Registers: which accepted submission is in force for a slot, since when, and its records."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from submissions.models.collection import collection_choices
from submissions.models.period import Period
from submissions.models.submission import Submission
from submissions.models.unit import Unit


class RegisterQuerySet(models.QuerySet["Register"]):
    def in_force(self) -> RegisterQuerySet:
        """Return registers that count now."""
        return self.filter(valid_to__isnull=True)

    def as_of(self, moment: datetime) -> RegisterQuerySet:
        """Return registers that counted at `moment`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=moment), valid_from__lte=moment)

    def begun(self, moment: datetime | None) -> RegisterQuerySet:
        """Return registers that had come into force by `moment`, or ever, even if no longer in force."""
        return self if moment is None else self.filter(valid_from__lte=moment)

    def newest_before(self, period: str) -> RegisterQuerySet:
        """Return, for each unit and form, the register of the newest period before `period`, e.g. 2026Q3."""
        return self.filter(period_id__lt=period)._newest_of_each()

    def newest_until(self, period: str) -> RegisterQuerySet:
        """Return, for each unit and form, the register of `period`, or else of the newest before it."""
        return self.filter(period_id__lte=period)._newest_of_each()

    def _newest_of_each(self) -> RegisterQuerySet:
        # by the period's code: ordered by the relation, the order would be that of Period's Meta, the other way round
        slot = ("unit_id", "collection")
        return self.order_by(*slot, "-period_id").distinct(*slot)


class Register(models.Model):
    """One submission in force for one slot over one span of system time; `valid_to` is null while it holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="registers")
    collection = models.CharField(max_length=20, choices=collection_choices)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="registers")
    #: a submission that was taken out of force and came into it again has several
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="registers")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "collection", "period"],
                condition=Q(valid_to__isnull=True),
                name="register_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.collection} {self.period_id}"


class Record(models.Model):
    """One accepted row. `data` is the typed row by field key. Written with COPY only."""

    # written by COPY under a lock on the submission's row; the unique constraint's index serves look-ups
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="records", db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=32)
    sheet = models.TextField()
    row = models.PositiveIntegerField()
    data = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "key"], name="record_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
