"""Reasons of a return: on the whole submission, a rule, a row or a cell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from submissions.models.submission import Submission
from submissions.models.user import User


class ReturnReason(models.Model):
    """One reason. Which of code, row and column are filled says what it is about."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="return_reasons")
    text = models.CharField(max_length=1000)
    code = models.CharField(max_length=12, blank=True)
    sheet = models.TextField(blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="return_reason_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
