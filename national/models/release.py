"""Releases: numbered, frozen sets of figures, stored as the moment of system time whose figures they hold."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from submissions.models import User

#: what may change after a release was made: the hour of publication, until it has struck, and a withdrawal
CHANGEABLE = ("published_at", "withdrawn_at", "withdrawn_by", "withdrawn_zh", "withdrawn_en")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def published(self) -> ReleaseQuerySet:
        """Return the releases that everyone may see by now, withdrawn ones included: time alone publishes."""
        gone = Q(withdrawn_at__isnull=False, withdrawn_at__lt=F("published_at"))
        return self.filter(published_at__lte=Now()).exclude(gone)

    def standing(self) -> ReleaseQuerySet:
        """Those that have not been withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def embargoed(self) -> ReleaseQuerySet:
        """Those whose hour is still to come."""
        return self.standing().filter(published_at__gt=Now())


@pghistory.track(
    fields=[*CHANGEABLE],
    model_name="ReleaseEvent",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
)
class Release(models.Model):
    """The figures in force at `moment`. They are not copied: history keeps them, and triggers keep history.

    `previous` is the release that its changes are counted from, null for the first. `period` is the
    newest one with figures. `figures` and `changes` count what it holds and what differs from `previous`.
    """

    number = models.PositiveIntegerField(primary_key=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    moment = models.DateTimeField(unique=True)
    period = models.CharField(max_length=6)
    figures = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: the end of the embargo; `moment` when there is none
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_zh = models.TextField(blank=True)
    withdrawn_en = models.TextField(blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__gte=F("moment")), name="release_published_after_made"
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | Q(previous__lt=F("number")),
                name="release_after_previous",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_zh="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_zh="")),
                name="release_withdrawn_by_whom_and_why",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="release_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="release_frozen", exclude=list(CHANGEABLE)),
            pgtrigger.Trigger(
                name="release_hour_struck",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange("published_at"),
                func="""
                    IF OLD.published_at <= clock_timestamp() OR NEW.published_at < clock_timestamp() THEN
                        RAISE EXCEPTION 'release % is published or would be in the past', OLD.number;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def is_embargoed(self) -> bool:
        """Report whether it is still to be published; one that was withdrawn never is."""
        return self.withdrawn_at is None and self.published_at > timezone.now()

    @property
    def is_public(self) -> bool:
        """Report whether it was published before any withdrawal."""
        end = self.withdrawn_at or timezone.now()
        return self.published_at <= end
