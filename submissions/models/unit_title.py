"""Titles of a unit's own workbooks, and which column of the form the unit said they mean."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from submissions.models.collection import collection_choices
from submissions.models.unit import Unit
from submissions.models.user import User


class UnitTitleQuerySet(models.QuerySet["UnitTitle"]):
    def in_force(self) -> UnitTitleQuerySet:
        """Return titles remembered now."""
        return self.filter(forgotten_at__isnull=True)


class UnitTitle(models.Model):
    """A title whose meaning the unit gave, by whom and when. Rows are added and ended, never changed."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="titles")
    collection = models.CharField(max_length=20, choices=collection_choices)
    #: as written in the workbook
    title = models.TextField()
    #: what its spellings have in common, see `validation.title_key`
    folded = models.TextField()
    #: a field key; empty when the column is to be passed by
    column = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    forgotten_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = UnitTitleQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "collection", "folded"],
                condition=Q(forgotten_at__isnull=True),
                name="unit_title_once",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, forgotten_by__isnull=True)
                | Q(forgotten_at__isnull=False, forgotten_by__isnull=False),
                name="unit_title_forgotten_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.column or '∅'}"
