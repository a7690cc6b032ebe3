"""Goals: the targets of the roadmap of July 2026 as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from national.targets import observations
from national.targets.observations import Observation
from national.targets.published_series import NET_PUBLISHED, VALUE_ADDED

_END_OF_2030 = date(2030, 12, 31)


class Collected(StrEnum):
    """Where the figure for a target comes from."""

    YES = "yes"  # from the registers
    PROXY = "proxy"  # from the registers, and it measures something near
    PUBLISHED = "published"  # a published series
    NO = "no"  # nobody reports it


class Kind(StrEnum):
    """The kind of a value. Stocks and flows never share a formula: each has its own paths, pace and forecast."""

    STOCK = "stock"  # what is there on a day; grows by what is added from quarter to quarter
    FLOW = "flow"  # what is made within a year; every year begins at nothing
    SHARE = "share"  # percent of something; bounded


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
    kind: Kind
    #: every reading as known at a moment, or now, oldest first
    read: Callable[[datetime | None], list[Observation]]
    note_zh: str
    note_en: str
    goal_qualifier: str = "at_least"
    due: date = _END_OF_2030
    base: Base | None = None
    #: decimal places of its values
    decimals: int = 0
    series: str = ""


TARGETS: dict[str, Target] = {
    target.code: target
    for target in (
        Target(
            "NET_COUNT",
            "工业5G专网数",
            "Industrial 5G private networks",
            "张",
            "networks",
            Decimal(50_000),
            Collected.YES,
            Kind.STOCK,
            observations.networks,
            "由各填报单位审核通过的登记表汇总得出；基数为公开发布的2025年底“超过2万张”。",
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
            Kind.FLOW,
            observations.value_added,
            "采用公开发布的全国数，不由登记表汇总。",
            "A published national series, never summed from registers.",
            goal_qualifier="above",
            base=Base(Decimal("1.67"), date(2025, 12, 31)),
            decimals=2,
            series=VALUE_ADDED,
        ),
        Target(
            "GROUPS_COVERED",
            "覆盖工业行业中类数",
            "Industry groups covered",
            "个",
            "groups",
            Decimal(207),
            Collected.YES,
            Kind.STOCK,
            observations.groups_covered,
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
            Kind.SHARE,
            observations.graded_share,
            "以已定安全等级的专网占计入专网的比例近似反映安全分类分级覆盖率，口径不完全相同。",
            "A proxy: graded networks as a share of counted networks. The roadmap speaks of the coverage of "
            "security classification, whose denominator is another one.",
            decimals=2,
        ),
        Target(
            "PLATFORMS",
            "具有国际竞争力的综合型平台",
            "Integrated platforms of international standing",
            "个",
            "platforms",
            Decimal(5),
            Collected.NO,
            Kind.STOCK,
            observations.not_collected,
            "登记表没有这一项。",
            "No register asks for it.",
            goal_qualifier="about",
        ),
    )
}
