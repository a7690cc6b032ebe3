"""Addresses of the province's workspace."""

from __future__ import annotations

from django.urls import include, path

from submissions.portal import findings_urls
from submissions.portal.views import (
    answering,
    changing,
    explaining,
    files,
    history,
    home,
    mapping,
    notices,
    setting_aside,
    signing,
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
    path("submissions/<uuid:submission_id>/explain/", explaining.explain, name="explain"),
    path("submissions/<uuid:submission_id>/explanations/", explaining.explanations, name="explanations"),
    path(
        "submissions/<uuid:submission_id>/explanations/<int:explanation_id>/take-back/",
        explaining.take_back_explanation,
        name="take-back",
    ),
    path("submissions/<uuid:submission_id>/reasons/<int:reason_id>/", answering.answer, name="answer"),
    path("submissions/<uuid:submission_id>/changes/", changing.changes, name="changes"),
    path("submissions/<uuid:submission_id>/changes.<slug:form>", changing.export, name="changes-export"),
    path("submissions/<uuid:submission_id>/sign/", signing.sign, name="sign"),
    path("submissions/<uuid:submission_id>/receipt.pdf", signing.receipt_as_pdf, name="receipt-pdf"),
    path("submissions/<uuid:submission_id>/receipt/", signing.receipt, name="receipt"),
    path("submissions/<uuid:submission_id>/withdraw/", signing.withdraw, name="withdraw"),
    path("submissions/<uuid:submission_id>/confirm/", setting_aside.confirm, name="confirm"),
    path("submissions/<uuid:submission_id>/discard/", setting_aside.discard, name="discard"),
    path("submissions/<uuid:submission_id>/redirect/", setting_aside.redirect_, name="redirect"),
    path("submissions/<uuid:submission_id>/mapping/", mapping.remember, name="mapping"),
    path("submissions/<uuid:submission_id>/sheets/", mapping.choose_sheets, name="sheets"),
    path("submissions/<uuid:submission_id>/mapping/<int:title_id>/", mapping.forget, name="forget"),
    path("submissions/<uuid:submission_id>/retry/", submission.retry, name="retry"),
    path("submissions/<uuid:submission_id>/file/", files.original, name="file"),
]
