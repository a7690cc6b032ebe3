"""Reporting units: the 37 offices that owe returns every quarter."""

from __future__ import annotations

from django.db import models


class Unit(models.Model):
    """One reporting unit; loaded from the engine's code list, never typed."""

    code = models.CharField(max_length=6, primary_key=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    #: code of the province in whose total the unit counts; a province's own code for itself
    province = models.CharField(max_length=6, db_index=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh
