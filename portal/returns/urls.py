"""Addresses of the province's workspace."""

from __future__ import annotations

from django.urls import include, path

from portal.returns import findings_urls
from portal.returns.views import (
    changes,
    column_mapping,
    explanations,
    files,
    history,
    home,
    notices,
    quarantine,
    reason_answers,
    signature,
    submission,
    team,
    upload,
)

app_name = "portal"
urlpatterns = [
    path("submissions/<uuid:submission_id>/", include([*findings_urls.READING, *findings_urls.MENDING])),
    path("", home.home, name="home"),
    path("upload/<slug:collection>/<slug:period>/", upload.upload, name="upload"),
    path("upload/<slug:collection>/<slug:period>/nil/", upload.nil, name="nil"),
    path("history/<slug:collection>/<slug:period>/", history.history, name="history"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="read"),
    path("team/", team.team, name="team"),
    path("team/invite/", team.invite, name="invite"),
    path("team/<int:user_id>/", team.colleague, name="colleague"),
    path("team/<int:user_id>/role/", team.role, name="role"),
    path("team/<int:user_id>/link/", team.link, name="link"),
    path("team/<int:user_id>/deactivate/", team.deactivate, name="deactivate"),
    path("team/<int:user_id>/reactivate/", team.reactivate, name="reactivate"),
    path("team/<int:user_id>/delegate/", team.delegate, name="delegate"),
    path("team/<int:user_id>/delegations/<int:delegation_id>/", team.end_delegation, name="end-delegation"),
    path("submissions/<uuid:submission_id>/", submission.submission, name="submission"),
    path("submissions/<uuid:submission_id>/progress/", submission.progress, name="progress"),
    path("submissions/<uuid:submission_id>/explain/", explanations.explain, name="explain"),
    path("submissions/<uuid:submission_id>/explanations/", explanations.explanations, name="explanations"),
    path(
        "submissions/<uuid:submission_id>/explanations/<int:explanation_id>/take-back/",
        explanations.take_back_explanation,
        name="take-back",
    ),
    path("submissions/<uuid:submission_id>/reasons/<int:reason_id>/", reason_answers.answer, name="answer"),
    path("submissions/<uuid:submission_id>/changes/", changes.changes, name="changes"),
    path("submissions/<uuid:submission_id>/changes.<slug:form>", changes.export, name="changes-export"),
    path("submissions/<uuid:submission_id>/sign/", signature.sign, name="sign"),
    path("submissions/<uuid:submission_id>/receipt.pdf", signature.receipt_as_pdf, name="receipt-pdf"),
    path("submissions/<uuid:submission_id>/receipt/", signature.receipt, name="receipt"),
    path("submissions/<uuid:submission_id>/withdraw/", signature.withdraw, name="withdraw"),
    path("submissions/<uuid:submission_id>/confirm/", quarantine.confirm, name="confirm"),
    path("submissions/<uuid:submission_id>/discard/", quarantine.discard, name="discard"),
    path("submissions/<uuid:submission_id>/redirect/", quarantine.redirect_, name="redirect"),
    path("submissions/<uuid:submission_id>/mapping/", column_mapping.remember, name="mapping"),
    path("submissions/<uuid:submission_id>/sheets/", column_mapping.choose_sheets, name="sheets"),
    path("submissions/<uuid:submission_id>/mapping/<int:title_id>/", column_mapping.forget, name="forget"),
    path("submissions/<uuid:submission_id>/retry/", submission.retry, name="retry"),
    path("submissions/<uuid:submission_id>/file/", files.original, name="file"),
]
