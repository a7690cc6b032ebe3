"""Actions on a submission: explain, sign, withdraw, retry, begin review, accept, return."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.reading import body_of
from api.serializers.decision import (
    ExplanationRequestSerializer,
    ExplanationSerializer,
    ReasonedSerializer,
    ReturnSerializer,
    SignSerializer,
    WithdrawSerializer,
)
from api.serializers.submission import SubmissionDetailSerializer
from api.views.submissions import find, request_id, staff
from submissions.checks import intake
from submissions.edits import explanations
from submissions.models import Submission
from submissions.signoff import review


class ActionView(APIView):
    """One act on one submission; answers with the submission as it is afterwards."""

    problems = {"POST": (409,)}

    def answer(self, submission: Submission) -> Response:
        now = find(self.request, submission.pk)
        return Response(SubmissionDetailSerializer(now, context={"request": self.request}).data)


class ExplanationsView(ActionView):
    @extend_schema(
        summary=_("Explain warnings"),
        description=_("One reason for one finding or for a group of similar findings."),
        request=ExplanationRequestSerializer,
        responses={201: ExplanationSerializer},
        tags=["submissions"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = body_of(request, ExplanationRequestSerializer)
        explanation = explanations.explain(
            submission=submission, by=staff(request), **sent, request_id=request_id(request)
        )
        return Response(ExplanationSerializer(explanation).data, 201)


class SignView(ActionView):
    @extend_schema(
        summary=_("Sign"),
        description=_("By another person of the unit than the uploader; the answer carries the receipt."),
        request=SignSerializer,
        responses=SubmissionDetailSerializer,
        tags=["submissions"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = body_of(request, SignSerializer)
        review.sign(submission=submission, by=staff(request), **sent, request_id=request_id(request))
        return self.answer(submission)


class WithdrawView(ActionView):
    @extend_schema(
        summary=_("Withdraw"),
        description=_("By the unit, before review has begun."),
        request=WithdrawSerializer,
        responses=SubmissionDetailSerializer,
        tags=["submissions"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = body_of(request, WithdrawSerializer)
        review.withdraw(
            submission=submission, by=staff(request), reason=sent["reason"], request_id=request_id(request)
        )
        return self.answer(submission)


class RetryView(ActionView):
    @extend_schema(
        summary=_("Run a failed check again"),
        request=None,
        responses={202: SubmissionDetailSerializer},
        tags=["submissions"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        intake.retry(submission=submission, by=staff(request), request_id=request_id(request))
        answer = self.answer(submission)
        answer.status_code = 202
        return answer


class ReviewView(ActionView):
    @extend_schema(
        summary=_("Begin the review"),
        description=_("From then on the unit cannot withdraw it. Repeating the call changes nothing."),
        request=None,
        responses=SubmissionDetailSerializer,
        tags=["review"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        review.begin_review(submission=submission, by=staff(request), request_id=request_id(request))
        return self.answer(submission)


class AcceptView(ActionView):
    @extend_schema(
        summary=_("Accept into the register"),
        description=_("Records, register and figures change in one transaction."),
        request=None,
        responses=SubmissionDetailSerializer,
        tags=["review"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        review.accept(submission=submission, by=staff(request), request_id=request_id(request))
        return self.answer(submission)


class ReturnView(ActionView):
    @extend_schema(
        summary=_("Return with reasons"),
        description=_("At least one reason: on the whole, a rule, a row or a cell."),
        request=ReturnSerializer,
        responses=SubmissionDetailSerializer,
        tags=["review"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = body_of(request, ReturnSerializer)
        reasons = [review.ReasonGiven(**reason) for reason in sent["reasons"]]
        review.return_(
            submission=submission, by=staff(request), reasons=reasons, request_id=request_id(request)
        )
        return self.answer(submission)


class ExcludeView(ActionView):
    @extend_schema(
        summary=_("Exclude an accepted register"),
        description=_(
            "With a reason in words. It no longer counts in the figures, and the unit is carried forward "
            "from its register of an earlier period until it sends a new version."
        ),
        request=ReasonedSerializer,
        responses=SubmissionDetailSerializer,
        tags=["review"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = body_of(request, ReasonedSerializer)
        review.exclude(submission=submission, by=staff(request), **sent, request_id=request_id(request))
        return self.answer(submission)


class ReinstateView(ActionView):
    @extend_schema(
        summary=_("Put an excluded register in force again"),
        description=_(
            "With a reason in words. The figures count it again. Refused when another version is in force."
        ),
        request=ReasonedSerializer,
        responses=SubmissionDetailSerializer,
        tags=["review"],
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = body_of(request, ReasonedSerializer)
        review.reinstate(submission=submission, by=staff(request), **sent, request_id=request_id(request))
        return self.answer(submission)
