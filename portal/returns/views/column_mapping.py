"""Correcting how titles were read: the unit's choice is remembered, and the file is checked again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.access import StaffRequest, desk_page, find, posted
from portal.returns.column_mapping_forms import MappingForm, SheetsForm
from portal.returns.views.submission import WORKED_ON, to_submission
from submissions.checks import column_titles, sheet_selection
from submissions.models import UnitTitle


@desk_page
def remember(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    form = MappingForm(posted(request), submission=submission)
    # asked for after a log-in, or sent twice: the page itself says where it stands
    if not form.is_bound or submission.state in WORKED_ON:
        return to_submission(request, submission)
    if not form.is_valid() or not form.meanings():
        messages.error(request, _("Choose a field for at least one title, or ignore it."))
        return to_submission(request, submission)
    column_titles.remember(
        submission=submission, by=request.user, meanings=form.meanings(), request_id=request.request_id
    )
    return to_submission(request, submission, _("Remembered for your unit. The file is being checked again."))


@desk_page
def choose_sheets(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    form = SheetsForm(posted(request), submission=submission)
    if not form.is_bound or submission.state in WORKED_ON:
        return to_submission(request, submission)
    if not form.is_valid() or form.headers() == submission.headers:
        messages.error(request, _("Choose a row or sheet other than the one that was read."))
        return to_submission(request, submission)
    sheet_selection.choose_headers(
        submission=submission, by=request.user, headers=form.headers(), request_id=request.request_id
    )
    return to_submission(request, submission, _("The file is being checked again with the sheets you chose."))


@desk_page
def forget(request: StaffRequest, submission_id: UUID, title_id: int) -> HttpResponse:
    submission = find(request, submission_id)
    title = get_object_or_404(UnitTitle.objects.filter(unit=submission.unit_id), pk=title_id)
    if request.method != "POST" or title.forgotten_at is not None:
        return to_submission(request, submission)
    column_titles.forget(title=title, submission=submission, by=request.user, request_id=request.request_id)
    return to_submission(request, submission, _("Removed. The file is being checked again without it."))
