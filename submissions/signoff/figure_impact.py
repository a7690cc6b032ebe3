"""Figure impact: how a submission changes its unit's figures against an earlier register, and which fall far."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, TypedDict

from django.utils.translation import get_language

from submissions.checks.context import in_force_or_newest
from submissions.files import storage
from submissions.models import Collection, Submission
from submissions.signoff.comparison_base import Base, accepted_bases
from submissions.workflow.figure_effects import FigureValue, Frames, figure_effects

#: a fall by more than this share wants a second confirmation with a reason
DROP_SHARE = Decimal("0.3")

#: stands for the number of records among the codes of indicators
RECORDS = "records"


class Effect(NamedTuple):
    """A figure before and after; null where the registers it is made from are not all there."""

    figure: FigureValue
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def share(self) -> Decimal | None:
        """Return the difference in percent of the old value, two decimals."""
        return (
            round(100 * self.difference / self.old, 2) if self.difference is not None and self.old else None
        )


class Drop(TypedDict):
    """A fall by more than DROP_SHARE; kept with the signature. `against` is the base's period and version."""

    code: str
    name_zh: str
    name_en: str
    against: str
    old: str
    new: str


def effects(submission: Submission, base: Submission) -> list[Effect]:
    """Return figures of the submission's form, and those of the unit's other form that change with it."""
    return _effects(submission, _frames(submission), base, _frames(base))


def drops(submission: Submission) -> list[Drop]:
    """Return records and main figures that fall far below the last accepted registers."""
    frames = _frames(submission)
    fallen = []
    for base in accepted_bases(submission):
        before = _frames(base.submission)
        rows = (len(before[submission.collection]), len(frames[submission.collection]))
        falls = [_records_drop(base, *rows)]
        falls += [
            _figure_drop(base, effect) for effect in _effects(submission, frames, base.submission, before)
        ]
        fallen += [drop for drop in falls if drop is not None]
    return fallen


def fallen_names(fallen: list[Drop]) -> str:
    """Return the names of what falls, each once, in the active language."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    names = dict.fromkeys(drop["name_zh"] if language == "zh" else drop["name_en"] for drop in fallen)
    return ("、" if language == "zh" else ", ").join(names)


def _effects(submission: Submission, now: Frames, base: Submission, before: Frames) -> list[Effect]:
    own = submission.collection
    old, new = _figures(base, before), _figures(submission, now)
    # of the other form only what this one changes is its effect, whatever else changed between the periods
    held = _figures(submission, now | {own: before[own]}) if len(now) > 1 else {}
    made = [_effect(code, old, new) for code, figure in (old | new).items() if figure.collection == own]
    others = [_effect(code, held, new) for code, figure in new.items() if figure.collection != own]
    return [*made, *(effect for effect in others if effect.old != effect.new)]


_ByCode = dict[str, FigureValue]


def _effect(code: str, old: _ByCode, new: _ByCode) -> Effect:
    before, after = old.get(code), new.get(code)
    figures = [figure for figure in (after, before) if figure is not None]
    return Effect(figures[0], before and before.value, after and after.value)


def _figures(submission: Submission, frames: Frames) -> _ByCode:
    return {figure.code: figure for figure in figure_effects().preview(submission.period_id, frames)}


def _frames(submission: Submission) -> Frames:
    """Return the submission's table and that of the unit's other form for the same period, if there is one."""
    frames = {submission.collection: storage.frame_of(submission)}
    for collection in Collection.values:
        if collection != submission.collection:
            other = in_force_or_newest(submission.unit_id, collection, submission.period_id)
            frames |= {collection: storage.frame_of(other)} if other else {}
    return frames


def _records_drop(base: Base, old: int, new: int) -> Drop | None:
    names = ("记录数", "Records")
    return _drop(base, RECORDS, names, Decimal(old), Decimal(new))


def _figure_drop(base: Base, effect: Effect) -> Drop | None:
    if not effect.figure.main or effect.old is None or effect.new is None:
        return None
    names = (effect.figure.name_zh, effect.figure.name_en)
    return _drop(base, effect.figure.code, names, effect.old, effect.new)


def _drop(base: Base, code: str, names: tuple[str, str], old: Decimal, new: Decimal) -> Drop | None:
    if old - new <= old * DROP_SHARE:
        return None
    against = f"{base.submission.period_id} v{base.submission.version}"
    return Drop(
        code=code, name_zh=names[0], name_en=names[1], against=against, old=f"{old:f}", new=f"{new:f}"
    )
