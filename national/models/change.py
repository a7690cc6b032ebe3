"""Changes: why figures changed; every figure names the change that opened it and the one that closed it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models import Submission, Unit, User


class Cause(models.TextChoices):
    NEW_DATA = "new_data", _("New data")  # the unit had no register in force for the period
    REVISION = "revision", _("Revision")  # a newer accepted version took the former one's place
    EXCLUSION = "exclusion", _("Exclusion")  # a register was taken out of force
    REINSTATEMENT = "reinstated", _("Reinstatement")  # such a register came into force again
    RULE = "rule", _("Counting rule")  # another version of the counting rule holds
    REPAIR = "repair", _("Recomputed")  # stored figures were not those of the records


class Change(models.Model):
    """One act that changed figures, of one unit's register or of all. Rows are only ever added.

    `period` is that of the register or of the figures made anew; later periods into which a register is
    carried forward change by the same act.
    """

    cause = models.CharField(max_length=10, choices=Cause)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    collection = models.CharField(max_length=20, blank=True)
    period = models.CharField(max_length=6)
    #: the register that came into force, or that was taken out of it
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    #: why, in words, where a person gave a reason
    reason = models.TextField(blank=True)
    #: `valid_from` of the figures it opened and `valid_to` of those it closed
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="change_at")]

    def __str__(self) -> str:
        return f"{self.cause} {self.unit_id or ''} {self.period}"
