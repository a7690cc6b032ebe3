"""All addresses: each part of the site brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from portal.returns.views.demo import demo_progress
from project.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("api/", include("api.urls")),
    path("", include("portal.figures.urls")),
    path("releases/", include("portal.figures.release_urls")),
    path("accounts/", include("allauth.urls")),
    path("portal/", include("portal.returns.urls")),
    path("review/", include("portal.returns.review_urls")),
    path("receipts/", include("portal.returns.receipt_urls")),
    path("shared/", include("portal.returns.shared_urls")),
    path("rulebook/", include("portal.returns.rulebook_urls")),
    path("demo/", demo_progress, name="demo-progress"),
    path("i18n/", include("django.conf.urls.i18n")),
]
