"""All addresses: each part of the site brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from project.health import healthz
from submissions.portal.views.demo import demo_progress

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("api/", include("api.urls")),
    path("", include("national.urls")),
    path("releases/", include("national.release_urls")),
    path("accounts/", include("allauth.urls")),
    path("portal/", include("submissions.portal.urls")),
    path("review/", include("submissions.portal.review_urls")),
    path("receipts/", include("submissions.portal.receipt_urls")),
    path("shared/", include("submissions.portal.shared_urls")),
    path("rulebook/", include("submissions.portal.rulebook_urls")),
    path("demo/", demo_progress, name="demo-progress"),
    path("i18n/", include("django.conf.urls.i18n")),
]
