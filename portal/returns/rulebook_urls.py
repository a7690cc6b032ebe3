"""Addresses of the public rulebook."""

from __future__ import annotations

from django.urls import path

from portal.returns.views.rulebook import rulebook

app_name = "rulebook"
urlpatterns = [
    path("", rulebook, name="rulebook"),
    path("<str:collection>/", rulebook, name="form"),
]
