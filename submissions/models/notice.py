"""Notices: what a person of a unit is notified of, in the portal and once by e-mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models.period import Period
from submissions.models.submission import Submission
from submissions.models.user import User


class NoticeKind(models.TextChoices):
    VERDICT = "verdict", _("Checked")
    FAILED = "failed", _("Check interrupted")
    TO_SIGN = "to_sign", _("Waits for your signature")
    SIGNED = "signed", _("Signed")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    EXCLUDED = "excluded", _("Excluded")
    REINSTATED = "reinstated", _("In force again")
    DUE = "due", _("Due")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> NoticeQuerySet:
        """Return a person's own notices; the only door."""
        return self.filter(user=user.pk)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def to_mail(self) -> NoticeQuerySet:
        """Return notices whose e-mail is due now."""
        return self.filter(mail_due__lte=timezone.now(), user__is_active=True)


class Notice(models.Model):
    """One notice to one person. `params` are the counts at that moment; the words are made when read."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    #: what it is told of; the same thing is told once
    key = models.CharField(max_length=60)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, null=True, blank=True)
    period = models.ForeignKey(Period, on_delete=models.CASCADE)
    params = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    #: when the e-mail is to be sent; null when none is
    mail_due = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["mail_due"], condition=Q(mail_due__isnull=False), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
