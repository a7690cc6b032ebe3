"""Targets of the roadmap of July 2026 as data, and where each stands: share, pace needed, paths, coverage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone

from national import readings
from national.paths import PathPoint, Span, points, rounded
from national.published import NET_PUBLISHED, VALUE_ADDED, PublishedValue, published
from national.readings import Reading
from validation import Period

_END_OF_2030 = date(2030, 12, 31)


class Collected(StrEnum):
    """Where the figure for a target comes from."""

    YES = "yes"  # from the registers
    PROXY = "proxy"  # from the registers, and it measures something near
    PUBLISHED = "published"  # a published series
    NO = "no"  # nobody reports it


@dataclass(frozen=True, slots=True)
class Base:
    """Where the target started. `qualifier` as in published series: exact, about or more_than."""

    value: Decimal
    on: date
    qualifier: str = "exact"


@dataclass(frozen=True, slots=True)
class Target:
    """One target. `goal_qualifier` is at_least, above or about; `series` is shown beside the actual figure."""

    code: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    goal: Decimal
    collected: Collected
    read: Callable[[], Reading | None]
    note_zh: str
    note_en: str
    goal_qualifier: str = "at_least"
    due: date = _END_OF_2030
    base: Base | None = None
    series: str = ""
    #: figures come every quarter, so that a pace per quarter can be told
    quarterly: bool = True


TARGETS: dict[str, Target] = {
    target.code: target
    for target in (
        Target(
            "NET_COUNT",
            "工业5G专网数",
            "Industrial 5G private networks",
            "个",
            "networks",
            Decimal(50_000),
            Collected.YES,
            readings.networks,
            "各地区审核通过的登记表之和；基数为公开发布的2025年底“超过2万个”。",
            "Sum of the accepted registers. The base is the published “more than 20 000” at the end of 2025.",
            base=Base(Decimal(20_000), date(2025, 12, 31), "more_than"),
            series=NET_PUBLISHED,
        ),
        Target(
            "VALUE_ADDED",
            "工业互联网核心产业增加值",
            "Core value-added of the industrial internet",
            "万亿元",
            "CNY trillion",
            Decimal("2.5"),
            Collected.PUBLISHED,
            readings.value_added,
            "采用公开发布的全国数，不由登记表加总。",
            "A published national series, never summed from registers.",
            goal_qualifier="above",
            base=Base(Decimal("1.67"), date(2025, 12, 31)),
            series=VALUE_ADDED,
            quarterly=False,
        ),
        Target(
            "GROUPS_COVERED",
            "覆盖工业行业中类数",
            "Industry groups covered",
            "个",
            "groups",
            Decimal(207),
            Collected.YES,
            readings.groups_covered,
            "有计入的专网或已投用AI应用的行业中类（共207个）；只填到大类的不计。",
            "Of 207 groups, those with a counted network or an AI application in production. "
            "Rows that state only a division do not count.",
        ),
        Target(
            "NET_GRADED_SHARE",
            "专网安全定级比例",
            "Networks with a security grade",
            "%",
            "%",
            Decimal(80),
            Collected.PROXY,
            readings.graded_share,
            "以已定安全等级的专网占计入专网的比例近似反映安全分类分级覆盖率，口径不完全相同。",
            "A proxy: graded networks as a share of counted networks. The roadmap speaks of the coverage of "
            "security classification, whose denominator is another one.",
        ),
        Target(
            "PLATFORMS",
            "具有国际竞争力的综合型平台",
            "Integrated platforms of international standing",
            "个",
            "platforms",
            Decimal(5),
            Collected.NO,
            readings.not_collected,
            "登记表没有这一项。",
            "No register asks for it.",
            goal_qualifier="about",
            quarterly=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """A target and where it stands `today`.

    `share` is in percent of the goal; `pace_needed` is per quarter over `quarters_left`, the quarters
    still to be reported. All are None where there is no figure.
    """

    target: Target
    today: date
    reading: Reading | None
    share: Decimal | None
    remaining: Decimal | None
    quarters_left: int
    pace_needed: Decimal | None
    paths: tuple[PathPoint, ...]
    published: tuple[PublishedValue, ...]

    @property
    def actual(self) -> Decimal | None:
        """The value reached."""
        return self.reading.value if self.reading else None


def targets(today: date | None = None) -> list[TargetStatus]:
    """Every target and where it stands, in the roadmap's order."""
    return [_status(one, today or timezone.localdate()) for one in TARGETS.values()]


def target(code: str, today: date | None = None) -> TargetStatus:
    """One target and where it stands; raises KeyError when there is none of that code."""
    return _status(TARGETS[code], today or timezone.localdate())


def _status(target: Target, today: date) -> TargetStatus:
    reading = target.read()
    value, on = (reading.value, reading.on) if reading else (None, None)
    remaining = None if value is None else max(target.goal - value, Decimal(0))
    left = quarters_left(today, target.due, reading.period if reading else None)
    return TargetStatus(
        target=target,
        today=today,
        reading=reading,
        share=None if value is None else rounded(100 * value / target.goal),
        remaining=remaining,
        quarters_left=left,
        pace_needed=rounded(remaining / left)
        if remaining is not None and left and target.quarterly
        else None,
        paths=_paths(target, today, value, on),
        published=published(target.series) if target.series else (),
    )


def quarters_left(today: date, due: date, period: str | None) -> int:
    """Quarters up to `due` that are not over and have no figure yet; the running quarter is one of them."""
    last_known = Period.of(today).shift(-1)
    if period is not None:
        last_known = max(last_known, Period.parse(period))
    end = Period.of(due)
    return max((end.year - last_known.year) * 4 + end.quarter - last_known.quarter, 0)


def _paths(target: Target, today: date, value: Decimal | None, on: date | None) -> tuple[PathPoint, ...]:
    if target.base is None:
        return ()
    span = Span(target.base.value, target.base.on, target.goal, target.due)
    return points(span, today, value, on)
