"""Reasons that a reviewer collects while reading, before the submission is returned with them."""

from __future__ import annotations

from django.db import models

from submissions.models.submission import Submission
from submissions.models.user import User


class ReturnDraft(models.Model):
    """One reason collected by one reviewer; its text may still be empty. The return makes a ReturnReason of it."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="return_drafts")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    code = models.CharField(max_length=12, blank=True)
    sheet = models.TextField(blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["submission", "by"], name="return_draft_of")]

    def __str__(self) -> str:
        return self.text[:60]
