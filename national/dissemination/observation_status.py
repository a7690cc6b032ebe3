"""Observation status: whether a figure is provisional, released or revised, by comparison with a release."""

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

from national.dissemination.visibility import Vantage
from national.models import Figure, PublicFigure
from national.models.figure import FigureQuerySet

#: what makes two rows speak of the same thing
KEY = ("indicator", "area", "period", "breakdown", "breakdown_value")


class Status(TextChoices):
    PROVISIONAL = "provisional", _("Provisional")  # in no release
    RELEASED = "released", _("Released")  # what the last release says
    REVISED = "revised", _("Revised")  # differs from what the last release says
    SUPPRESSED = "Q", _("Withheld to protect enterprises")  # the value is there and is not told


def with_status(figures: FigureQuerySet, vantage: Vantage) -> FigureQuerySet:
    """Each figure with `status`, with `release`, the number of the release that says the same or null, and with
    `until`, the end of its validity as far as it was known then.

    The figures of a release are released, and revised where they differ from the release before.
    """
    new = Status.RELEASED if vantage.release else Status.PROVISIONAL
    status = _status(vantage, new) if vantage.base else Value(new)
    if not vantage.staff:
        status = Case(
            When(suppressed=True, then=Value(Status.SUPPRESSED)), default=status, output_field=CharField()
        )
    until = Value(None, DateTimeField(null=True)) if vantage.moment else F("valid_to")
    annotated = figures.annotate(status=status, until=until)
    if vantage.release:
        return annotated.annotate(release=Value(vantage.release.number))
    number = Value(vantage.base.number if vantage.base else None, IntegerField(null=True))
    return annotated.annotate(release=Case(When(status=Status.RELEASED, then=number)))


def _status(vantage: Vantage, new: Status) -> Case:
    """`new` is the status of a figure that the vantage's base does not speak of."""
    moment = vantage.base.moment
    in_it = Q(valid_from__lte=moment) & (Q(valid_to__isnull=True) | Q(valid_to__gt=moment))
    # rows that the release holds are not looked up: most are of that kind
    released_value = _value_at(moment, PublicFigure if not vantage.staff else Figure)
    return Case(
        When(in_it, then=Value(Status.RELEASED)),
        When(IsNull(released_value, True), then=Value(new)),  # noqa: FBT003 the lookup's right side
        When(Exact(F("value"), released_value), then=Value(Status.RELEASED)),
        default=Value(Status.REVISED),
        output_field=CharField(),
    )


def _value_at(moment: datetime, model: type[Figure] | type[PublicFigure]) -> Subquery:
    same = {name: OuterRef(name) for name in KEY}
    return Subquery(model.objects.as_of(moment).filter(**same).order_by().values("value")[:1])
