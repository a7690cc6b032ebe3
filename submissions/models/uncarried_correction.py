"""Corrections of the version before that a new file left no place for; the unit looks them through."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.correction import Correction
from submissions.models.submission import Submission


class UncarriedReason(models.TextChoices):
    RECORD_GONE = "record_gone", _("The new file has no such record.")
    RECORD_UNCLEAR = "record_unclear", _("The record has no number of its own in one of the two files.")
    COLUMN_GONE = "column_gone", _("The new file has no such column.")
    VALUE_CHANGED = "value_changed", _("The new file has another value there.")
    MADE_MEANWHILE = "made_meanwhile", _("It was made while the new file was being checked.")


class UncarriedCorrection(models.Model):
    """One correction that a version did not take over. Made anew by each check of the version."""

    #: the version that did not take it over
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="uncarried_corrections")
    #: as it was made on the version before
    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=UncarriedReason)
    #: number of the record in the version before; empty where it had none
    key = models.TextField(blank=True)
    #: what the new file holds in that place, and where that is; null and empty where it has none
    present = models.TextField(null=True, blank=True)  # noqa: DJ001 null is a blank cell
    cell = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "correction"], name="uncarried_correction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id}: {self.reason}"
