"""Addresses of what is passed on by a link, for people without an account."""

from __future__ import annotations

from django.urls import path

from submissions.portal.views import shared

app_name = "shared"
urlpatterns = [
    path("<str:token>/", shared.findings, name="findings"),
    path("<str:token>/findings.xlsx", shared.workbook, name="workbook"),
]
