"""Addresses where anyone checks whether a receipt is genuine."""

from __future__ import annotations

from django.urls import path

from portal.returns.views.receipt_verification import verify

app_name = "receipts"
urlpatterns = [
    path("", verify, name="ask"),
    path("<str:number>/", verify, name="verify"),
]
