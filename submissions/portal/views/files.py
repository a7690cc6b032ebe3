"""Files: the original as it was uploaded and the workbook with its findings marked, always as downloads."""

from __future__ import annotations

import io
from uuid import UUID

from django.http import FileResponse

from submissions import storage
from submissions.marking import XLSX, marked
from submissions.portal.access import StaffRequest, desk_page, find
from submissions.refusals import RefusalError


@desk_page
def marked_workbook(request: StaffRequest, submission_id: UUID) -> FileResponse:
    workbook = marked(find(request, submission_id))
    return FileResponse(
        io.BytesIO(workbook.data), as_attachment=True, filename=workbook.filename, content_type=XLSX
    )


@desk_page
def original(request: StaffRequest, submission_id: UUID) -> FileResponse:
    shown = find(request, submission_id)
    if shown.file is None:
        raise RefusalError("not-found")
    return FileResponse(
        io.BytesIO(storage.open_original(shown.file)),
        as_attachment=True,
        filename=shown.filename,
        content_type="application/octet-stream",
    )
