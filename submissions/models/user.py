"""People: everyone has one role, and staff of a unit belong to exactly one unit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from submissions.models.unit import Unit

if TYPE_CHECKING:
    from submissions.models.delegation import DelegationQuerySet


class Role(models.TextChoices):
    UNIT_PREPARER = "unit_preparer", _("Preparer")
    UNIT_SIGNER = "unit_signer", _("Signer")
    REVIEWER = "reviewer", _("Reviewer")
    NATIONAL_ADMIN = "national_admin", _("National administrator")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")


#: see the returns of their own unit
UNIT_ROLES = (Role.UNIT_PREPARER, Role.UNIT_SIGNER)
#: see the returns of all units; a role that neither list names sees none
NATIONAL_ROLES = (Role.REVIEWER, Role.NATIONAL_ADMIN, Role.AUDITOR)


@pghistory.track(exclude=["password", "last_login", "last_seen"])
class User(AbstractUser):
    """An account. The unit of everything it sends comes from here and from nowhere else."""

    #: empty until somebody gives one, as after `manage.py createsuperuser`; such an account sees no returns
    role = models.CharField(max_length=20, choices=Role, blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    display_name = models.CharField(max_length=40, blank=True)
    #: when a page was last opened, to some minutes; see `team.mark_seen`
    last_seen = models.DateTimeField(null=True, blank=True, editable=False)
    #: part of every session's hash: one more ends all sessions for good
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    if TYPE_CHECKING:
        delegations: DelegationQuerySet

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["", *Role.values]), name="user_role_known"),
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
        """Return whether the account sees the returns of all units."""
        return self.role in NATIONAL_ROLES

    @property
    def is_of_unit(self) -> bool:
        """Return whether the account sees the returns of its own unit."""
        return self.role in UNIT_ROLES

    @property
    def deputises(self) -> bool:
        """Return whether a signer has lent this account the right to sign today."""
        return self.lender is not None

    @cached_property
    def lender(self) -> User | None:
        """Return the signer who has lent this account the right to sign today; queried once per request."""
        lent = self.delegations.in_force(timezone.localdate()).select_related("by").first()
        return lent.by if lent else None

    def get_session_auth_hash(self) -> str:
        return self._with_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        yield from map(self._with_epoch, super().get_session_auth_fallback_hash())

    def _with_epoch(self, hashed: str) -> str:
        return salted_hmac("submissions.session", f"{hashed}/{self.session_epoch}").hexdigest()
