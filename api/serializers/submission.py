"""Shapes of submissions: one version with its state, counts, progress, signature and allowed actions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.auth import UnitSerializer
from api.serializers.cell import UncarriedCorrectionSerializer
from submissions.jobs.progress import Progress, progress
from submissions.models import Collection, ReturnReason, Signature, State, Submission
from submissions.signoff.receipts import Receipt, receipt
from submissions.workflow.failures import FAILURES
from submissions.workflow.permissions import allowed_actions

#: corrections that were not carried over named in one answer; `cells/uncarried/` has all
MOST_UNCARRIED = 100


class UploadSerializer(serializers.Serializer[dict[str, Any]]):
    """An upload. The unit comes from the token; a unit named in the body is ignored."""

    collection = serializers.ChoiceField(choices=Collection.choices)
    period = serializers.CharField(max_length=6, help_text=_("A quarter such as 2026Q3"))
    file = serializers.FileField(
        required=False, allow_empty_file=True, help_text=_("xlsx, xls, et, ods or csv")
    )
    nil_return = serializers.BooleanField(
        default=False, help_text=_("True instead of a file: there is nothing to report")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["nil_return"] == ("file" in attrs):
            message = _("Send either a file or nil_return=true.")
            raise serializers.ValidationError({"file": [message]}, code="file-or-nil")
        return attrs


class SubmissionQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Filters of the list."""

    unit = serializers.CharField(required=False, max_length=6, help_text=_("A reporting unit's code"))
    collection = serializers.ChoiceField(choices=Collection.choices, required=False)
    period = serializers.CharField(required=False, max_length=6)
    state = serializers.ChoiceField(choices=State.choices, required=False)


class CountsSerializer(serializers.Serializer[Submission]):
    """Findings by severity; `open_warnings` still need an explanation."""

    E = serializers.IntegerField(source="errors")
    W = serializers.IntegerField(source="warnings")
    I = serializers.IntegerField(source="infos")  # noqa: E741 the letter of the severity
    open_warnings = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer[Progress]):
    """Progress of the check, as reported by the worker."""

    phase = serializers.CharField(
        help_text=_("waiting, a phase of the check such as reading or casting, or done")
    )
    rows_done = serializers.IntegerField()
    rows_total = serializers.IntegerField(allow_null=True)
    queue_position = serializers.IntegerField(allow_null=True, help_text=_("1 is the next to be checked"))


class ReasonSerializer(serializers.ModelSerializer[ReturnReason]):
    """One reason of a return; code, sheet, row and column say which part of the file it concerns."""

    class Meta:
        model = ReturnReason
        fields = ("text", "code", "sheet", "row", "column")


class DropSerializer(serializers.Serializer[dict[str, str]]):
    """A fall that was confirmed: of the records or of a figure."""

    code = serializers.CharField(help_text=_("records, or an indicator's code"))
    against = serializers.CharField(help_text=_("Period and version it is compared with"))
    old = serializers.CharField()
    new = serializers.CharField()


class SignatureSerializer(serializers.ModelSerializer[Signature]):
    """The words that were signed, and the reason for a far fall."""

    drops = DropSerializer(many=True)

    class Meta:
        model = Signature
        fields = ("statement_version", "statement_zh", "statement_en", "drops", "drop_reason")


class ReceiptSerializer(serializers.Serializer[Receipt]):
    """What a signature stands for."""

    number = serializers.CharField()
    sha256 = serializers.CharField(
        help_text=_(
            "Of what was signed: the file, the table read from it and the corrections; of a nil return its slot and "
            "version"
        )
    )
    file_sha256 = serializers.CharField(
        allow_null=True, help_text=_("Of the file's bytes; null for a nil return")
    )
    signer = serializers.CharField(help_text=_("Name of the person who signed"))
    by_delegation_of = serializers.CharField(
        allow_null=True, help_text=_("Name of the signer on leave in whose place it was signed")
    )
    signed_at = serializers.DateTimeField()
    data_rows = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    totals = serializers.DictField(child=serializers.CharField(), help_text=_("Sums of the form's columns"))
    signature = SignatureSerializer(allow_null=True)


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    """One version of a unit's register for a collection and period."""

    url = serializers.HyperlinkedIdentityField(view_name="api:submission", lookup_url_kwarg="submission_id")
    unit = UnitSerializer()
    period = serializers.CharField(source="period_id")
    sha256 = serializers.CharField(source="file_id", allow_null=True, help_text=_("Of the file as uploaded"))
    uploader = serializers.CharField(help_text=_("Name of the person who uploaded it"))
    counts = CountsSerializer(source="*")
    progress = serializers.SerializerMethodField()
    set_aside = serializers.BooleanField(
        help_text=_("The file belongs elsewhere or has no record; the previous version stays in force")
    )
    failure = serializers.CharField(help_text=_("Code of the reason why a check failed; empty otherwise"))
    failure_reason = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields: tuple[str, ...] = (
            "id", "url", "unit", "collection", "period", "version", "state", "nil_return", "filename",
            "sha256", "uploader", "received_at", "checked_at", "data_rows", "counts", "progress",
            "set_aside", "failure", "failure_reason", "signed_at", "decided_at", "allowed_actions",
        )  # fmt: skip

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, submission: Submission) -> Any:
        return ProgressSerializer(progress(submission)).data

    def get_failure_reason(self, submission: Submission) -> str:
        return str(FAILURES.get(submission.failure, ""))

    def get_allowed_actions(self, submission: Submission) -> list[str]:
        return allowed_actions(self.context["request"].user, submission)


class CorrectionsSerializer(serializers.Serializer[Submission]):
    """Corrections of a version, and what became of those of the previous version when the file was checked."""

    in_force = serializers.SerializerMethodField(help_text=_("Cells that differ from the file"))
    carried = serializers.SerializerMethodField(
        help_text=_("Carried over from the previous version: the record and its old value are the same")
    )
    not_carried = serializers.SerializerMethodField(
        help_text=_("Not carried over from the previous version; at most 100 are listed")
    )
    not_carried_count = serializers.SerializerMethodField(help_text=_("Total number of these"))

    def get_in_force(self, submission: Submission) -> int:
        return submission.corrections.in_force().count()

    def get_carried(self, submission: Submission) -> int:
        return submission.corrections.filter(carried_from__isnull=False).count()

    @extend_schema_field(UncarriedCorrectionSerializer(many=True))
    def get_not_carried(self, submission: Submission) -> Any:
        rows = submission.uncarried_corrections.select_related("correction__submission", "correction__by")
        return UncarriedCorrectionSerializer(rows[:MOST_UNCARRIED], many=True).data

    def get_not_carried_count(self, submission: Submission) -> int:
        return submission.uncarried_corrections.count()


class SubmissionDetailSerializer(SubmissionSerializer):
    """One version with how the file was understood, its receipt and the reasons of a return."""

    receipt = serializers.SerializerMethodField()
    return_reasons = ReasonSerializer(many=True)
    corrections = CorrectionsSerializer(source="*", read_only=True)

    class Meta(SubmissionSerializer.Meta):
        fields = (*SubmissionSerializer.Meta.fields, "report", "receipt", "return_reasons", "corrections")

    @extend_schema_field(ReceiptSerializer(allow_null=True))
    def get_receipt(self, submission: Submission) -> Any:
        given = receipt(submission)
        return given and ReceiptSerializer(given).data
