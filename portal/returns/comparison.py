"""Comparison: the earlier registers a page offers to compare with, in words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from submissions.labels import period_label
from submissions.models import Submission
from submissions.signoff.comparison_base import Base, BaseKind, bases


class BaseShown(NamedTuple):
    """A base with its label, and whether the page compares with it."""

    base: Base
    label: str
    chosen: bool


def offered(submission: Submission, wanted: str = "") -> list[BaseShown]:
    """Return the bases to compare with; the kind `wanted` is chosen, else the first."""
    earlier = bases(submission)
    kinds = [base.kind for base in earlier]
    chosen = wanted if wanted in kinds else next(iter(kinds), None)
    return [BaseShown(base, _label(base), base.kind == chosen) for base in earlier]


def _label(base: Base) -> str:
    words = {
        BaseKind.VERSION: _("version %(version)s of this period"),
        BaseKind.ACCEPTED: _("version %(version)s, accepted for this period"),
        BaseKind.PERIOD: _("%(period)s, the last accepted period"),
    }
    parameters = {"version": base.submission.version, "period": period_label(base.submission.period_id)}
    return words[base.kind] % parameters
