"""Keys: the sites and industry groups behind distinct counts, so that what two units report counts once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from national.definitions.populations import KEY_CHARACTERS


class Key(models.Model):
    """One thing that a unit's register of a period makes count, and the parts of breakdowns it is in.

    Kept for what counts now; closed figures keep their values. Written with COPY only.
    """

    indicator = models.CharField(max_length=24)
    unit = models.CharField(max_length=6)
    #: the register's own period, not one it is carried into
    period = models.CharField(max_length=6)
    rule_version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=KEY_CHARACTERS)
    #: `breakdown|value` of each part, "total|" among them
    cells = ArrayField(models.TextField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "indicator", "rule_version", "key"], name="key_once_per_register"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit} {self.period} {self.key}"


class KnownKey(models.Model):
    """A key that was ever reported, and whether more than one unit did: only those can count twice."""

    indicator = models.CharField(max_length=24)
    key = models.CharField(max_length=KEY_CHARACTERS)
    #: the unit that reported it first
    unit = models.CharField(max_length=6)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "key"], name="known_key_once"),
        ]
        indexes = [
            models.Index(fields=["indicator"], condition=models.Q(shared=True), name="known_key_shared"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.key}"
