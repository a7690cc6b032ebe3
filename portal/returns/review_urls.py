"""Addresses of the review desk."""

from __future__ import annotations

from django.urls import include, path

from portal.returns import findings_urls
from portal.returns.views import (
    changes,
    decisions,
    explanations,
    files,
    history,
    return_reasons,
    review_desk,
    signature,
    submission,
)

app_name = "review"
urlpatterns = [
    path("<uuid:submission_id>/", include(findings_urls.READING)),
    path("", review_desk.submissions, name="list"),
    path("<uuid:submission_id>/", review_desk.submission, name="submission"),
    path("history/<str:unit>/<slug:collection>/<slug:period>/", history.history_of_unit, name="history"),
    path("<uuid:submission_id>/progress/", submission.progress, name="progress"),
    path("<uuid:submission_id>/explanations/", explanations.explanations, name="explanations"),
    path("<uuid:submission_id>/changes/", changes.changes, name="changes"),
    path("<uuid:submission_id>/changes.<slug:form>", changes.export, name="changes-export"),
    path("<uuid:submission_id>/receipt.pdf", signature.receipt_as_pdf, name="receipt-pdf"),
    path("<uuid:submission_id>/receipt/", signature.receipt, name="receipt"),
    path("<uuid:submission_id>/retry/", submission.retry, name="retry"),
    path("<uuid:submission_id>/file/", files.original, name="file"),
    path("<uuid:submission_id>/begin/", decisions.begin, name="begin"),
    path("<uuid:submission_id>/accept/", decisions.accept, name="accept"),
    path("<uuid:submission_id>/exclude/", decisions.exclude, name="exclude"),
    path("<uuid:submission_id>/reinstate/", decisions.reinstate, name="reinstate"),
    path("<uuid:submission_id>/return/", return_reasons.return_, name="return"),
    path("<uuid:submission_id>/return/collect/", return_reasons.collect, name="collect"),
]
