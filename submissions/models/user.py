"""People: everyone has one role, and staff of a unit belong to exactly one unit."""

from __future__ import annotations

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.unit import Unit


class Role(models.TextChoices):
    UNIT_PREPARER = "unit_preparer", _("Preparer")
    UNIT_SIGNER = "unit_signer", _("Signer")
    REVIEWER = "reviewer", _("Reviewer")
    NATIONAL_ADMIN = "national_admin", _("National administrator")
    AUDITOR = "auditor", _("Auditor")


UNIT_ROLES = (Role.UNIT_PREPARER, Role.UNIT_SIGNER)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """An account. The unit of everything it sends comes from here and from nowhere else."""

    role = models.CharField(max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    display_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=UNIT_ROLES, unit__isnull=False)
                | (~Q(role__in=UNIT_ROLES) & Q(unit__isnull=True)),
                name="user_unit_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_national(self) -> bool:
        return self.role not in UNIT_ROLES
