"""Clearances: disclosure control's decision on each figure, made once and for good before the public sees it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from national.models.figure import Figure
from national.models.freezing import MARK


class ClearanceState(models.TextChoices):
    OPEN = "open", _("Published")
    SUPPRESSED = "withheld", _("Withheld")  # shown as withheld
    SUPPRESSED_HIDDEN = "silent", _("Withheld, not listed")  # not even told that there is something


class Clearance(models.Model):
    """The decision on one figure. It is never changed: what was published stays known, and releases stay as they are.

    A figure without one is not public yet. `need_low` and `need_high` bound the protection interval of a
    sensitive figure and are null for the others; they are as secret as the value.
    """

    figure = models.OneToOneField(
        Figure, on_delete=models.CASCADE, primary_key=True, related_name="clearance", db_constraint=False
    )
    period = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=ClearanceState)
    need_low = models.FloatField(null=True, blank=True)
    need_high = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(need_low__isnull=True, need_high__isnull=True)
                | Q(need_low__isnull=False, need_high__isnull=False),
                name="clearance_interval_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="clearance_stands", operation=pgtrigger.Update),
            # what the public sees of a period has changed
            pgtrigger.Trigger(
                name="clearance_marks",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="cleared"),
                func=MARK.format(rows="cleared"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.state}"


class ClearingRun(models.Model):
    """One run of disclosure control: the state of a period that the public could see from then on.

    `eased` counts sensitive figures whose protection interval could not be had whole, and `derivable` those that
    headline totals and earlier publications give away whatever is withheld.
    """

    period = models.CharField(max_length=6)
    moment = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    opened = models.PositiveIntegerField()
    withheld = models.PositiveIntegerField()
    eased = models.PositiveIntegerField()
    derivable = models.PositiveIntegerField()

    class Meta:
        ordering = ["-moment"]
        constraints = [
            models.UniqueConstraint(fields=["period", "moment"], name="clearing_once_per_state"),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.moment:%Y-%m-%d %H:%M}"
