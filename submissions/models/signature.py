"""Signatures: the words that were signed, the reason given for a far fall, and whose right a deputy used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from submissions.models.submission import Submission
from submissions.models.user import User


class Signature(models.Model):
    """What the signer of a submission stated. Who and when stand on the submission; rows never change."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="signature")
    #: how the signed hash was made, see `receipts.signed_hash`
    scheme = models.PositiveSmallIntegerField(default=1)
    statement_version = models.PositiveSmallIntegerField()
    #: the statement as it read, with unit, form, period and counts filled in
    statement_zh = models.TextField()
    statement_en = models.TextField()
    #: falls that were confirmed, see `submissions.signoff.figure_impact.Drop`
    drops = models.JSONField(default=list, blank=True)
    drop_reason = models.CharField(max_length=1000, blank=True)
    #: the signer on leave whose right was used; null where the signer's own was
    by_delegation_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drops=[]) | ~Q(drop_reason=""), name="signature_drop_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(statement_zh="") & ~Q(statement_en=""), name="signature_states_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} statement {self.statement_version}"
