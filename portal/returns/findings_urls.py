"""Addresses of a submission's findings at both desks, and of what mends them at the unit's."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal.returns.views import cells, corrections, files, findings, share_links, uncarried_corrections

READING: list[URLPattern] = [
    path("findings/", findings.findings, name="findings"),
    path("findings/summary/", findings.summary, name="summary"),
    path("findings/values/", findings.values, name="values"),
    path("findings/enterprises/", findings.enterprises, name="enterprises"),
    path("findings/index/", findings.index, name="index"),
    path("findings/rows/", findings.rows, name="rows"),
    path("findings.csv", files.findings_csv, name="findings-csv"),
    path("findings.xlsx", files.findings_xlsx, name="findings-xlsx"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections.csv", files.corrections_csv, name="corrections-csv"),
    path("corrections/uncarried/", uncarried_corrections.uncarried, name="uncarried"),
    path("corrections/uncarried.csv", uncarried_corrections.uncarried_csv, name="uncarried-csv"),
    path("marked/", files.marked, name="marked"),
    path("corrected/", files.corrected, name="corrected"),
    path("downloads/<uuid:download_id>/", files.download, name="download"),
    path("downloads/<uuid:download_id>/file/", files.download_file, name="download-file"),
]

MENDING: list[URLPattern] = [
    path("cells/", cells.cells, name="cells"),
    path("cells/undo/", cells.undo_act, name="undo"),
    path("corrections/undo/", corrections.undo_corrections, name="undo-corrections"),
    path("corrections/alike/", corrections.bulk, name="bulk"),
    path("shares/", share_links.shares, name="shares"),
    path("shares/<int:share_id>/revoke/", share_links.revoke_share, name="revoke"),
]
