"""Marks: one small row per period that counts the changes of its figures, so that "unchanged" is cheap to find out."""

from __future__ import annotations

from django.db import models


class PeriodMark(models.Model):
    """Written by the triggers of figures (`freezing.py`), under the lock of the period that every writer holds."""

    period = models.CharField(max_length=6, primary_key=True)
    changes = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.period} {self.changes}"
