"""Addresses of shared findings, for people without an account."""

from __future__ import annotations

from django.urls import path

from portal.returns.views import shared_findings

app_name = "shared"
urlpatterns = [
    path("<str:token>/", shared_findings.findings, name="findings"),
    path("<str:token>/findings.xlsx", shared_findings.workbook, name="workbook"),
]
