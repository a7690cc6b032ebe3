"""Corrections of the previous version that were not carried over: as a page and as CSV."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse

from portal.access import StaffRequest, desk_page, find, render_page
from portal.templatetags.portal import column_label
from submissions.exports import findings_table
from submissions.exports.marked_workbook import stem
from submissions.exports.tables import csv_response
from submissions.models import UncarriedReason

PAGE = 50

TITLES = (
    "Record 记录编号",
    "Column 列",
    "Before 原值",
    "After 更正后",
    "By 更正人",
    "Cell 新文件单元格",
    "In the new file 新文件中的值",
    "Why 未沿用原因",
)


@desk_page
def uncarried(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    rows = submission.uncarried_corrections.select_related("correction__by", "correction__submission")
    context = {"submission": submission, "page": Paginator(rows, PAGE).get_page(request.GET.get("page"))}
    return render_page(request, "returns/uncarried.html", context)


@desk_page
def uncarried_csv(request: StaffRequest, submission_id: UUID) -> StreamingHttpResponse:
    submission = find(request, submission_id)
    rows = submission.uncarried_corrections.select_related("correction__by")
    lines = (
        (row.key, column_label(row.correction.column, submission.collection))
        + (row.correction.old, row.correction.new, str(row.correction.by))
        + (row.cell, row.present, str(UncarriedReason(row.reason).label))
        for row in rows.iterator(chunk_size=findings_table.SLICE)
    )
    return csv_response(f"{stem(submission)}-未沿用的更正.csv", TITLES, lines)
