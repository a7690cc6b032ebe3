"""Submissions: one version of a unit's whole register for one collection and period, and its state."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.collection import collection_choices
from submissions.models.period import Period
from submissions.models.stored_file import StoredFile
from submissions.models.unit import Unit
from submissions.models.user import User
from validation import Severity, severity_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class State(models.TextChoices):
    RECEIVED = "received", _("Received")
    CHECKING = "checking", _("Checking")
    INVALID = "invalid", _("Has errors")
    UNEXPLAINED = "unexplained", _("Warnings to explain")
    READY = "ready", _("Ready to sign")
    SIGNED = "signed", _("Signed")
    ACCEPTED = "accepted", _("Accepted")
    EXCLUDED = "excluded", _("Excluded")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")
    FAILED = "failed", _("Failed")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> SubmissionQuerySet:
        """Return the submissions that `user` may know to exist; the only door."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_national:
            return self.all()
        return self.filter(unit=user.unit_id) if user.is_of_unit else self.none()

    def of_slot(self, submission: Submission) -> SubmissionQuerySet:
        """Return all versions of the slot of `submission`."""
        return self.filter(
            unit=submission.unit_id, collection=submission.collection, period=submission.period_id
        )

    def with_table(self) -> SubmissionQuerySet:
        """Return versions with a kept table that were not set aside, from which a newer version can take over."""
        return self.filter(set_aside=False).exclude(frame_path="")

    def newest(self) -> SubmissionQuerySet:
        """Order by version, newest first."""
        return self.order_by("-version")


@pghistory.track(fields=["state", "version", "uploader", "signer", "reviewer", "failure"])
class Submission(models.Model):
    """One version. States move only through `submissions.workflow.transitions`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="submissions")
    collection = models.CharField(max_length=20, choices=collection_choices)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    #: null for a nil return
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    nil_return = models.BooleanField(default=False)
    uploader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="uploads")
    received_at = models.DateTimeField(auto_now_add=True)

    # progress, written by the worker
    phase = models.CharField(max_length=20, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    # the worker's lease: work without a live lease is taken up again by the sweep
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    #: when the queue was last told of it; null when nothing is known to be queued
    queued_at = models.DateTimeField(null=True, blank=True)

    # verdict
    checked_at = models.DateTimeField(null=True, blank=True)
    data_rows = models.PositiveIntegerField(null=True, blank=True)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    infos = models.PositiveIntegerField(default=0)
    #: warnings without an explanation
    open_warnings = models.PositiveIntegerField(default=0)
    #: how the file was understood: sheets, header rows, columns, skipped rows, not evaluable rules, totals
    report = models.JSONField(default=dict, blank=True)
    #: the unit's choice for this file: name of a sheet -> the last row of its header, null to pass it by
    headers = models.JSONField(default=dict, blank=True)
    #: storage path of the typed frame as Parquet, and the SHA-256 of its bytes; empty for one that was kept before
    #: frames were hashed, until `manage.py hash_frames` has been run
    frame_path = models.CharField(max_length=200, blank=True)
    frame_sha256 = models.CharField(max_length=64, blank=True)
    #: its file belongs elsewhere or holds no record: a checked version before it stands until someone decides
    set_aside = models.BooleanField(default=False)
    #: code of a `failed` check, told to the user in words
    failure = models.CharField(max_length=40, blank=True)

    # decisions
    signer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="signed")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    receipt_number = models.CharField(max_length=40, null=True, blank=True, unique=True)  # noqa: DJ001 unique when set
    reviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="reviewed"
    )
    review_began_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    # comparison with other units, made after the signature
    compared_at = models.DateTimeField(null=True, blank=True)
    #: when the queue is to be told of it again; null when none is to be made
    comparison_due = models.DateTimeField(null=True, blank=True)
    comparison_attempts = models.PositiveSmallIntegerField(default=0)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "collection", "period", "version"], name="submission_version_once"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(nil_return=True), name="submission_file_or_nil"
            ),
            models.CheckConstraint(
                condition=Q(signer__isnull=True, signed_at__isnull=True, receipt_number__isnull=True)
                | Q(signer__isnull=False, signed_at__isnull=False, receipt_number__isnull=False),
                name="submission_signature_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "accepted", "excluded", "returned"])
                | Q(signer__isnull=False),
                name="submission_decided_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "excluded", "returned"])
                | Q(reviewer__isnull=False, decided_at__isnull=False),
                name="submission_decision_has_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(lease__isnull=True, lease_until__isnull=True)
                | Q(lease__isnull=False, lease_until__isnull=False),
                name="submission_lease_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure=""), name="submission_failure_has_code"
            ),
            models.UniqueConstraint(
                fields=["unit", "collection", "period"],
                condition=Q(state="signed"),
                name="submission_one_signed_per_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="submission_work"),
            models.Index(fields=["unit", "collection", "period"], name="submission_slot"),
            models.Index(
                fields=["comparison_due"],
                condition=Q(comparison_due__isnull=False),
                name="submission_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.collection} {self.period_id} v{self.version}"

    @property
    def misplaced(self) -> list[str]:
        """Return codes of findings that show that the file belongs to another form, period or unit."""
        return list(self.report.get("misplaced", ()))

    @property
    def unreadable(self) -> bool:
        """Return whether no reader could open its file, so that nothing can be marked or taken over."""
        return bool(self.file_id and self.checked_at) and self.report.get("format") is None

    def version_before(self) -> Submission | None:
        """Return the last version before with a table that was not set aside, whose explanations carry over."""
        earlier = Submission.objects.of_slot(self).filter(version__lt=self.version)
        return earlier.with_table().newest().first()

    def newer_waiting(self) -> Submission | None:
        """Return a version uploaded later that has no verdict yet and may take its place."""
        newer = Submission.objects.of_slot(self).filter(version__gt=self.version, set_aside=False)
        return newer.filter(state__in=[State.RECEIVED, State.CHECKING, State.FAILED]).first()

    @property
    def blocking_rules(self) -> list[str]:
        """Return codes of the E rules that could not be evaluated: signing waits for them."""
        return [code for code in self.report.get("not_evaluable", ()) if severity_of(code) is Severity.ERROR]
