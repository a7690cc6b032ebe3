"""Addresses where anyone checks whether a receipt is real."""

from __future__ import annotations

from django.urls import path

from submissions.portal.views.verifying import verify

app_name = "receipts"
urlpatterns = [
    path("", verify, name="ask"),
    path("<str:number>/", verify, name="verify"),
]
