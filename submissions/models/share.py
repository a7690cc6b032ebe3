"""Shares: read-only links by which findings are passed on to people without an account, and each opening of one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from submissions.models.submission import Submission
from submissions.models.user import User


class ShareQuerySet(models.QuerySet["Share"]):
    def alive(self) -> ShareQuerySet:
        """Return links neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class Share(models.Model):
    """A link to the findings of one submission: all, or those of one city or one enterprise."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="shares")
    #: code of a city, as `filtering` takes it; empty for all
    city = models.CharField(max_length=6, blank=True)
    #: credit code or exact name; empty for all
    enterprise = models.CharField(max_length=100, blank=True)
    #: for whom it is, in the unit's words
    note = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shares")
    at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="share_revocation_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.city}{self.enterprise}"

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class ShareOpening(models.Model):
    """One opening of a shared link. Rows are only ever added."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField(auto_now_add=True)
    #: network address it was opened from
    address = models.GenericIPAddressField(null=True)
    #: whether the list was taken as a workbook
    downloaded = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.share_id} {self.at}"
