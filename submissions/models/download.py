"""Downloads: workbooks that take long to make, made by the worker and kept for a day."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.submission import Submission
from submissions.models.user import User


class DownloadKind(models.TextChoices):
    MARKED = "marked", _("Your workbook with the cells marked")
    CORRECTED = "corrected", _("Your workbook with the corrections in it")
    FINDINGS = "findings", _("The findings as a workbook")
    CHANGES = "changes", _("What changed, as a workbook")


class Download(models.Model):
    """One workbook asked for; made once for each state of the submission."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="downloads")
    kind = models.CharField(max_length=10, choices=DownloadKind)
    #: what is narrowed, and the state of the findings it was asked for: the same again is the same download
    fingerprint = models.CharField(max_length=64)
    #: fields of a FindingFilter; for changes of a Narrowing
    meant = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    # written by the worker
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    #: storage path of the workbook, and the name it is downloaded under
    path = models.CharField(max_length=200, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    #: a refusal's code when it cannot be made
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "fingerprint"],
                condition=Q(failure=""),
                name="download_once_per_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.submission_id}"

    @property
    def is_made(self) -> bool:
        return bool(self.path)
