"""Answers of a unit to the reasons for which a version was returned."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from submissions.models.return_reason import ReturnReason
from submissions.models.submission import Submission
from submissions.models.user import User


class ReasonAnswer(models.Model):
    """A unit's answer to one reason, given with a later version. Rows are only added; the newest holds."""

    reason = models.ForeignKey(ReturnReason, on_delete=models.CASCADE, related_name="answers")
    #: the version it was given with; it holds for the versions after that too
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="reason_answers")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reason_answer_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
