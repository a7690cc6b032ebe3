"""Status: whether a figure is provisional, released or revised, told by comparison with a release."""

from __future__ import annotations

from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.lookups import Exact, IsNull
from django.utils.translation import gettext_lazy as _

from national.dissemination.visibility import Sight
from national.models import Figure, PublicFigure
from national.models.figure import FigureQuerySet

#: what makes two rows speak of the same thing
KEY = ("indicator", "area", "period", "breakdown", "breakdown_value")


class Status(TextChoices):
    PROVISIONAL = "provisional", _("Provisional")  # in no release
    RELEASED = "released", _("Released")  # what the last release says
    REVISED = "revised", _("Revised")  # differs from what the last release says
    SUPPRESSED = "Q", _("Withheld to protect enterprises")  # the value is there and is not told


def with_status(figures: FigureQuerySet, sight: Sight) -> FigureQuerySet:
    """Each figure with `status`, with `release`, the number of the release that says the same or null, and with
    `until`, the end of its validity as far as it was known then.

    The figures of a release are released, and revised where they differ from the release before.
    """
    new = Status.RELEASED if sight.release else Status.PROVISIONAL
    status = _status(sight, new) if sight.base else Value(new)
    if not sight.staff:
        status = Case(
            When(suppressed=True, then=Value(Status.SUPPRESSED)), default=status, output_field=CharField()
        )
    until = Value(None, DateTimeField(null=True)) if sight.moment else F("valid_to")
    told = figures.annotate(status=status, until=until)
    if sight.release:
        return told.annotate(release=Value(sight.release.number))
    number = Value(sight.base.number if sight.base else None, IntegerField(null=True))
    return told.annotate(release=Case(When(status=Status.RELEASED, then=number)))


def _status(sight: Sight, new: Status) -> Case:
    """`new` is the status of a figure that the sight's base does not speak of."""
    moment = sight.base.moment  # type: ignore[union-attr]  # called only where there is a base
    in_it = Q(valid_from__lte=moment) & (Q(valid_to__isnull=True) | Q(valid_to__gt=moment))
    # rows that the release holds are not looked up: most are of that kind
    said = _said_at(moment, PublicFigure if not sight.staff else Figure)
    return Case(
        When(in_it, then=Value(Status.RELEASED)),
        When(IsNull(said, True), then=Value(new)),  # noqa: FBT003 the lookup's right side
        When(Exact(F("value"), said), then=Value(Status.RELEASED)),
        default=Value(Status.REVISED),
        output_field=CharField(),
    )


def _said_at(moment: datetime, told: type[Figure] | type[PublicFigure]) -> Subquery:
    same = {name: OuterRef(name) for name in KEY}
    return Subquery(told.objects.as_of(moment).filter(**same).order_by().values("value")[:1])
