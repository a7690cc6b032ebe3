"""Events: one row per transition, written in the transition's own transaction."""

from __future__ import annotations

from django.db import models

from submissions.models.submission import State, Submission
from submissions.models.user import User


class Event(models.Model):
    """Who moved which submission from where to where, and why. `actor` is null for the system."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["submission", "id"], name="event_of_submission")]

    def __str__(self) -> str:
        return f"{self.from_state or '∅'} → {self.to_state}"
