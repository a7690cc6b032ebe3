"""The unit's answer to one reason for which its last version was returned."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.access import StaffRequest, desk_page, find, posted, render_page
from portal.form_actions import attempt
from portal.returns.forms import AnswerForm
from portal.returns.views.submission import to_submission
from project.refusal_status import status_of
from submissions.models import Submission
from submissions.signoff import return_followup
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError


@desk_page
def answer(request: StaffRequest, submission_id: UUID, reason_id: int) -> HttpResponse:
    submission = find(request, submission_id)
    if request.method != "POST":  # what was typed is shown again when the verb refuses it
        permissions.require(request.user, Action.EXPLAIN, submission)
    followed = _asked_for(submission, reason_id)
    former = followed.answer
    form = AnswerForm(posted(request), initial={"text": former.text if former else ""})
    context = {"submission": submission, "form": form, "followed": followed}
    if not form.is_valid():
        return render_page(request, "returns/answer.html", context, status=400 if form.is_bound else 200)
    outcome = attempt(form, partial(_answer, request, submission, followed, form))
    if isinstance(outcome, RefusalError):
        return render_page(request, "returns/answer.html", context, status=status_of(outcome))
    return to_submission(
        request, submission, _("The answer is saved. The ministry reads it with this version.")
    )


def _asked_for(submission: Submission, reason_id: int) -> return_followup.Followed:
    matching = [
        followed for followed in return_followup.follow(submission) if followed.reason.pk == reason_id
    ]
    if not matching:
        raise RefusalError(Refusal.NOT_FOUND)
    return matching[0]


def _answer(
    request: StaffRequest, submission: Submission, followed: return_followup.Followed, form: AnswerForm
) -> object:
    return return_followup.answer(
        submission=submission,
        by=request.user,
        reason=followed.reason,
        text=form.cleaned_data["text"],
        request_id=request.request_id,
    )
