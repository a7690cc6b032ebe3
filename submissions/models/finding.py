"""Stored findings and the explanations given for them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

import validation
from submissions.models.lookups import AnyOf
from submissions.models.submission import Submission
from submissions.models.user import User
from validation import national_codes


class ExplanationReason(models.TextChoices):
    CONFIRMED = "confirmed", _("Checked with the enterprise, the value is right")
    CHANGED = "changed", _("The situation really changed")
    EARLIER_ERROR = "earlier_error", _("The earlier figure was wrong")
    SOURCE_LIMITS = "source_limits", _("No better figure is available")
    OTHER = "other", _("Other reason")


class Explanation(models.Model):
    """A unit's reason for one warning or for a group of like warnings."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="explanations")
    code = models.CharField(max_length=12)
    reason = models.CharField(max_length=20, choices=ExplanationReason)
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    #: the explanation of the version before, when it was kept because the value is unchanged
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )

    def __str__(self) -> str:
        return f"{self.code} {self.reason}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def of_unit(self) -> FindingQuerySet:
        """Leave out findings of the comparison with other units: they are for reviewers and count nothing."""
        return self.exclude(code__in=national_codes())

    def visible_to(self, user: User) -> FindingQuerySet:
        """Return the findings that `user` may read of submissions that `user` may see; the only door."""
        if user.is_national:
            return self.all()
        return self.of_unit() if user.is_of_unit else self.none()

    def of_ids(self, ids: Iterable[int]) -> FindingQuerySet:
        """Return the findings with these ids, however many there are."""
        return self.filter(AnyOf(F("id"), ids))

    def open_warnings(self) -> FindingQuerySet:
        """Return warnings without an explanation."""
        return self.filter(severity=validation.Severity.WARNING, explanation__isnull=True)


class Finding(models.Model):
    """One finding of one submission; columns as in the engine's FINDING_SCHEMA. Written with COPY only."""

    # Written by COPY under a lock on the submission's row, so that checking the key row by row and an
    # index beside the composite ones would only cost: together half the time of storing.
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="findings", db_constraint=False, db_index=False
    )
    ordinal = models.PositiveIntegerField()
    severity = models.CharField(max_length=1)
    code = models.CharField(max_length=12)
    sheet = models.TextField(null=True)  # noqa: DJ001 null means the whole file
    row = models.PositiveIntegerField(null=True)
    column = models.TextField(null=True)  # noqa: DJ001 null means no one column
    cell = models.CharField(max_length=12, null=True)  # noqa: DJ001 null means no one cell
    value = models.TextField(null=True)  # noqa: DJ001 null differs from empty
    params = models.JSONField(default=dict)
    key = models.TextField(null=True)  # noqa: DJ001 null means no one record
    #: of the rule that made it; an explanation is for one version of a rule
    rule_version = models.PositiveSmallIntegerField(default=1)
    explanation = models.ForeignKey(
        Explanation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="findings",
        db_index=False,  # the partial index below: most findings have no explanation
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        indexes = [
            models.Index(fields=["submission", "ordinal"], name="finding_order"),
            models.Index(fields=["submission", "code", "ordinal"], name="finding_code"),
            models.Index(
                fields=["explanation"], condition=Q(explanation__isnull=False), name="finding_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.cell or ''}"

    def worded(self) -> validation.Finding:
        """Return the engine's finding, which has the words."""
        return validation.Finding(
            code=self.code,
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            cell=self.cell,
            value=self.value,
            params=self.params,
            key=self.key,
        )
