"""Corrections: cells that the unit changed after the upload; the original file stays as it was sent."""

from __future__ import annotations

from django.db import models

from submissions.models.submission import Submission
from submissions.models.user import User


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def newest(self) -> CorrectionQuerySet:
        """Return the newest correction of each cell."""
        newest = self.order_by("sheet", "row", "column", "-id").distinct("sheet", "row", "column")
        return self.filter(pk__in=newest.values("pk")).order_by("id")

    def in_force(self) -> CorrectionQuerySet:
        """Return the newest correction of each cell, without those that restore the original."""
        return self.newest().filter(restores=False)


class Correction(models.Model):
    """One edit of one cell: who, when, from what to what. Rows are only ever added."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="corrections")
    sheet = models.TextField()
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=60)
    cell = models.CharField(max_length=12)
    old = models.TextField(null=True)  # noqa: DJ001 null is a blank cell
    new = models.TextField(null=True)  # noqa: DJ001 null is a blank cell
    #: the same for all edits that were made, and can be undone, in one go; null for those before this was kept
    act = models.UUIDField(null=True, editable=False)
    #: undone: the cell is as the file has it
    restores = models.BooleanField(default=False)
    #: findings of reading the original cell, which come back when the original does
    replaced_findings = models.JSONField(default=list)
    #: on one correction of an act: explanations of findings that the act made go, for when it is undone
    lost_explanations = models.JSONField(default=list)
    #: the correction of the version before, when it was kept because record and old value are unchanged
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["submission", "sheet", "row", "column", "-id"], name="correction_of_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.cell}: {self.old} → {self.new}"
