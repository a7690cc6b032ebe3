"""Comparison: the earlier registers a page offers to compare with, in words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from submissions.labels import period_label
from submissions.models import Submission
from submissions.signoff.comparison_base import Base, BaseKind, bases


class BaseShown(NamedTuple):
    """A base with its words, and whether it is the one that a page compares with."""

    base: Base
    label: str
    chosen: bool


def offered(shown: Submission, wanted: str = "") -> list[BaseShown]:
    """What there is to compare with. The kind that is `wanted` is chosen, else the first."""
    found = bases(shown)
    kinds = [base.kind for base in found]
    chosen = wanted if wanted in kinds else next(iter(kinds), None)
    return [BaseShown(base, _label(base), base.kind == chosen) for base in found]


def _label(base: Base) -> str:
    words = {
        BaseKind.VERSION: _("version %(version)s of this period"),
        BaseKind.ACCEPTED: _("version %(version)s, accepted for this period"),
        BaseKind.PERIOD: _("%(period)s, the last accepted period"),
    }
    told = {"version": base.submission.version, "period": period_label(base.submission.period_id)}
    return words[base.kind] % told
