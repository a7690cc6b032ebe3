"""Uploaded originals: stored once, unchanged, addressed by what they contain."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """One original. The bytes lie in Django's default storage under `path`, which is made from the hash."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        return f"originals/{self.sha256[:2]}/{self.sha256}"
