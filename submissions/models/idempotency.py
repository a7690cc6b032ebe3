"""Idempotency keys: the same request sent twice makes one submission."""

from __future__ import annotations

from django.db import models

from submissions.models.submission import Submission
from submissions.models.user import User


class IdempotencyKey(models.Model):
    """A key that a client sent with an upload, the request it stands for, and the submission it made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    #: hash of collection, period and file, so that a key used for something else is refused
    fingerprint = models.CharField(max_length=64)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
