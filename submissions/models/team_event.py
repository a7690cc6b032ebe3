"""Events of a unit's team: who did what to whose account, one row per act."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.unit import Unit
from submissions.models.user import User


class TeamAct(models.TextChoices):
    INVITED = "invited", _("invited")
    LINK_RENEWED = "link_renewed", _("new link")
    DEACTIVATED = "deactivated", _("deactivated")
    REACTIVATED = "reactivated", _("reactivated")
    ROLE_CHANGED = "role_changed", _("role changed")
    DELEGATED = "delegated", _("signing delegated")
    DELEGATION_ENDED = "delegation_ended", _("delegation ended")


class TeamEvent(models.Model):
    """Rows are only ever added. `detail` is what the act was about: a role, or days."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="team_events")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=20, choices=TeamAct)
    detail = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.about_id} {self.act}"
