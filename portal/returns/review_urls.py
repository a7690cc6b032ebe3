"""Addresses of the review desk."""

from __future__ import annotations

from django.urls import include, path

from submissions.portal import findings_urls
from submissions.portal.views import (
    changing,
    deciding,
    desk,
    explaining,
    files,
    history,
    returning,
    signing,
    submission,
)

app_name = "review"
urlpatterns = [
    path("<uuid:submission_id>/", include(findings_urls.READING)),
    path("", desk.submissions, name="list"),
    path("<uuid:submission_id>/", desk.submission, name="submission"),
    path("history/<str:unit>/<slug:collection>/<slug:period>/", history.history_of_unit, name="history"),
    path("<uuid:submission_id>/progress/", submission.progress, name="progress"),
    path("<uuid:submission_id>/explanations/", explaining.explanations, name="explanations"),
    path("<uuid:submission_id>/changes/", changing.changes, name="changes"),
    path("<uuid:submission_id>/changes.<slug:form>", changing.export, name="changes-export"),
    path("<uuid:submission_id>/receipt.pdf", signing.receipt_as_pdf, name="receipt-pdf"),
    path("<uuid:submission_id>/receipt/", signing.receipt, name="receipt"),
    path("<uuid:submission_id>/retry/", submission.retry, name="retry"),
    path("<uuid:submission_id>/file/", files.original, name="file"),
    path("<uuid:submission_id>/begin/", deciding.begin, name="begin"),
    path("<uuid:submission_id>/accept/", deciding.accept, name="accept"),
    path("<uuid:submission_id>/exclude/", deciding.exclude, name="exclude"),
    path("<uuid:submission_id>/reinstate/", deciding.reinstate, name="reinstate"),
    path("<uuid:submission_id>/return/", returning.return_, name="return"),
    path("<uuid:submission_id>/return/collect/", returning.collect, name="collect"),
]
