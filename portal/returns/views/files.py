"""Files: the original as uploaded, workbooks and lists made from it; always downloads, long ones made beside."""

from __future__ import annotations

import io
from collections.abc import Iterable
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header

from portal.access import StaffRequest, desk, desk_page, find, render_page
from portal.returns.views.findings import sought
from portal.templatetags.portal import column_label
from submissions import demo_mode
from submissions.exports import downloads, findings_table
from submissions.exports.marked_workbook import XLSX, stem
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
    shown = find(request, submission_id)
    if shown.file is None:
        raise RefusalError(Refusal.NOT_FOUND)
    return FileResponse(
        io.BytesIO(storage.open_original(shown.file)),
        as_attachment=True,
        filename=shown.filename,
        content_type="application/octet-stream",
    )


@desk_page
def marked(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    """The unit's workbook with the cells marked; of one city or enterprise its flagged rows."""
    asked = sought(request, submission_id)
    _require_file(asked.submission)
    chosen = asked.form.sieve()
    meant = FindingFilter(city=chosen.city, enterprise=chosen.enterprise)
    return made_or_waited_for(
        request, asked.submission, DownloadKind.MARKED, meant, _findings(asked.submission)
    )


@desk_page
def corrected(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    """The unit's workbook with the corrections in it."""
    shown = find(request, submission_id)
    _require_file(shown)
    return made_or_waited_for(request, shown, DownloadKind.CORRECTED, FindingFilter(), _findings(shown))


def _findings(shown: Submission) -> int:
    return shown.errors + shown.warnings + shown.infos


@desk_page
def findings_xlsx(request: StaffRequest, submission_id: UUID) -> HttpResponseBase:
    """The findings that the address's filters let through."""
    asked = sought(request, submission_id)
    _require_file(asked.submission)
    kind, sieve = DownloadKind.FINDINGS, asked.form.sieve()
    return made_or_waited_for(request, asked.submission, kind, sieve, asked.found.height)


@desk_page
def findings_csv(request: StaffRequest, submission_id: UUID) -> StreamingHttpResponse:
    asked = sought(request, submission_id)
    lines = findings_table.lines(asked.submission, asked.found)
    return csv_response(findings_table.TITLES, lines, f"{stem(asked.submission)}-问题清单.csv")


@desk_page
def corrections_csv(request: StaffRequest, submission_id: UUID) -> StreamingHttpResponse:
    shown = find(request, submission_id)
    log = shown.corrections.select_related("by").iterator(chunk_size=findings_table.SLICE)
    lines = (
        (f"{c.at:%Y-%m-%d %H:%M:%S%z}", str(c.by), c.sheet, c.cell)
        + (column_label(c.column, shown.collection), c.old, c.new)
        for c in log
    )
    return csv_response(CORRECTION_TITLES, lines, f"{stem(shown)}-更正记录.csv")


@desk_page
def download(request: StaffRequest, submission_id: UUID, download_id: UUID) -> HttpResponse:
    """How far a workbook is that the worker makes, and the workbook's link when it is made."""
    shown = find(request, submission_id)
    asked = _asked(request, shown, download_id)
    downloads.enqueue_again(asked)
    template = "returns/_download.html" if request.htmx else "returns/download.html"
    return render_page(request, template, {"submission": shown, "download": asked})


@desk_page
def download_file(request: StaffRequest, submission_id: UUID, download_id: UUID) -> FileResponse:
    shown = find(request, submission_id)
    asked = _asked(request, shown, download_id)
    if not asked.is_made:
        raise RefusalError(Refusal.NOT_FOUND)
    try:
        return _attached(default_storage.open(asked.path, "rb"), asked.filename)
    except FileNotFoundError as gone:
        downloads.forget(asked)
        raise RefusalError(Refusal.NOT_FOUND) from gone


def _asked(request: StaffRequest, shown: Submission, download_id: UUID) -> Download:
    """The download, whichever colleague asked for it; the ministry's findings are not the unit's to take."""
    made = Download.objects.select_related("by")
    asked = get_object_or_404(made, pk=download_id, submission=shown)
    if asked.by.is_national != request.user.is_national:
        raise RefusalError(Refusal.NOT_FOUND)
    return asked


def csv_response(
    titles: findings_table.Line, lines: Iterable[findings_table.Line], filename: str
) -> StreamingHttpResponse:
    """A csv sent while it is being written."""
    answer = StreamingHttpResponse(
        findings_table.as_csv(titles, lines), content_type="text/csv; charset=utf-8"
    )
    name = demo_mode.file_named(filename)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _require_file(shown: Submission) -> None:
    """A nil return has nothing to mark, correct or list."""
    if shown.file is None:
        raise RefusalError(Refusal.NOT_FOUND)


def made_or_waited_for(
    request: StaffRequest, shown: Submission, kind: str, meant: downloads.Meant, lines: int
) -> HttpResponseBase:
    """The workbook itself when it is quickly made, else the page that waits for it."""
    if downloads.is_quick(shown, kind, lines):
        made = downloads.make(shown, kind, request.user, meant)
        return _attached(io.BytesIO(made.data), made.filename)
    asked = downloads.ask(submission=shown, kind=kind, by=request.user, meant=meant)
    return redirect(f"{desk(request)}:download", shown.pk, asked.pk)


def _attached(file: object, filename: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
