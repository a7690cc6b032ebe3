"""Downloads: the original as uploaded, and workbooks and lists made from it; long ones are made by the worker."""

from __future__ import annotations

import io
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect

from portal.access import StaffRequest, desk, desk_page, find, render_page
from portal.returns.views.findings import sought
from portal.templatetags.portal import column_label
from submissions.exports import downloads, findings_table
from submissions.exports.marked_workbook import stem
from submissions.exports.tables import XLSX, csv_response
from submissions.files import storage
from submissions.findings.filtering import FindingFilter
from submissions.models import Download, DownloadKind, Submission
from submissions.workflow.refusals import Refusal, RefusalError

CORRECTION_TITLES = (
    "Time 时间",
    "By 更正人",
    "Sheet 工作表",
    "Cell 单元格",
    "Column 列",
    "Before 原值",
    "After 新值",
)


@desk_page
def original(request: StaffRequest, submission_id: UUID) -> FileResponse:
    submission = find(request, submission_id)
    if submission.file is None:
        raise RefusalError(Refusal.NOT_FOUND)
    return FileResponse(
        io.BytesIO(storage.open_original(submission.file)),
        as_attachment=True,
        filename=submission.filename,
        content_type="application/octet-stream",
    )


@desk_page
def marked(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    """Download the workbook with the cells marked; for one city or enterprise only its flagged rows."""
    selection = sought(request, submission_id)
    _require_file(selection.submission)
    chosen = selection.form.sieve()
    sieve = FindingFilter(city=chosen.city, enterprise=chosen.enterprise)
    return made_or_waited_for(
        request, selection.submission, DownloadKind.MARKED, sieve, _findings(selection.submission)
    )


@desk_page
def corrected(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    """Download the workbook with the corrections in it."""
    submission = find(request, submission_id)
    _require_file(submission)
    return made_or_waited_for(
        request, submission, DownloadKind.CORRECTED, FindingFilter(), _findings(submission)
    )


def _findings(submission: Submission) -> int:
    return submission.errors + submission.warnings + submission.infos


@desk_page
def findings_xlsx(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    """Download the findings that pass the address's filters."""
    selection = sought(request, submission_id)
    _require_file(selection.submission)
    kind, sieve = DownloadKind.FINDINGS, selection.form.sieve()
    return made_or_waited_for(request, selection.submission, kind, sieve, selection.findings.height)


@desk_page
def findings_csv(request: StaffRequest, submission_id: UUID) -> StreamingHttpResponse:
    selection = sought(request, submission_id)
    lines = findings_table.lines(selection.submission, selection.findings)
    name = f"{stem(selection.submission)}-问题清单.csv"
    return csv_response(name, findings_table.TITLES, lines, keep_signed_numbers=True)


@desk_page
def corrections_csv(request: StaffRequest, submission_id: UUID) -> StreamingHttpResponse:
    submission = find(request, submission_id)
    log = submission.corrections.select_related("by").iterator(chunk_size=findings_table.SLICE)
    lines = (
        (f"{c.at:%Y-%m-%d %H:%M:%S%z}", str(c.by), c.sheet, c.cell)
        + (column_label(c.column, submission.collection), c.old, c.new)
        for c in log
    )
    name = f"{stem(submission)}-更正记录.csv"
    return csv_response(name, CORRECTION_TITLES, lines, keep_signed_numbers=True)


@desk_page
def download(request: StaffRequest, submission_id: UUID, download_id: UUID) -> HttpResponse:
    """Show the progress of a workbook made by the worker, and its link when it is ready."""
    submission = find(request, submission_id)
    download = _download_of(request, submission, download_id)
    downloads.enqueue_again(download)
    template = "returns/_download.html" if request.htmx else "returns/download.html"
    return render_page(request, template, {"submission": submission, "download": download})


@desk_page
def download_file(request: StaffRequest, submission_id: UUID, download_id: UUID) -> FileResponse:
    submission = find(request, submission_id)
    download = _download_of(request, submission, download_id)
    if not download.is_made:
        raise RefusalError(Refusal.NOT_FOUND)
    try:
        return _attached(default_storage.open(download.path, "rb"), download.filename)
    except FileNotFoundError as gone:
        downloads.forget(download)
        raise RefusalError(Refusal.NOT_FOUND) from gone


def _download_of(request: StaffRequest, submission: Submission, download_id: UUID) -> Download:
    """Return the download of any colleague; the ministry's downloads are not visible to the unit."""
    made = Download.objects.select_related("by")
    download = get_object_or_404(made, pk=download_id, submission=submission)
    if download.by.is_national != request.user.is_national:
        raise RefusalError(Refusal.NOT_FOUND)
    return download


def _require_file(submission: Submission) -> None:
    """Raise "not-found" for a nil return, which has nothing to mark, correct or list."""
    if submission.file is None:
        raise RefusalError(Refusal.NOT_FOUND)


def made_or_waited_for(
    request: StaffRequest, submission: Submission, kind: str, meant: downloads.Meant, lines: int
) -> HttpResponseBase:
    """Return the workbook itself when it is quickly made, else redirect to the page that waits for it."""
    if downloads.is_quick(submission, kind, lines):
        made = downloads.make(submission, kind, request.user, meant)
        return _attached(io.BytesIO(made.data), made.filename)
    download = downloads.ask(submission=submission, kind=kind, by=request.user, meant=meant)
    return redirect(f"{desk(request)}:download", submission.pk, download.pk)


def _attached(file: object, filename: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
