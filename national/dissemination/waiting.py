"""Waiting: whether the parts of a period can be read, or disclosure control has yet to judge some of its figures."""

from __future__ import annotations

from django.db.models import Q

from national.dissemination.visibility import Vantage
from national.models import Change, ClearingRun, Figure


def waits(period: str, vantage: Vantage) -> bool:
    """Whether figures of `period` that a reader with `vantage` may come to see are not judged yet.

    A run judges all that stands at its moment, so that only what changed after the last one can wait. Registers are
    carried into later periods and never into earlier ones: mostly nothing changed, and no figure is looked at.
    """
    until = Q(moment__lte=vantage.moment) if vantage.moment else Q()
    last = ClearingRun.objects.filter(until, period=period).first()
    figures = Figure.objects.as_of(vantage.moment) if vantage.moment else Figure.objects.in_force()
    figures = figures.filter(period=period, clearance__isnull=True)
    if last is None:
        return figures.exists()
    changed = Change.objects.filter(at__gt=last.moment, period__lte=period).exists()
    return changed and figures.filter(valid_from__gt=last.moment).exists()
