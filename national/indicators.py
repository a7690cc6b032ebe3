"""Indicators: what is counted or summed over the rows of accepted registers; to add one, declare it here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from national import populations
from national.breakdowns import BREAKDOWNS
from national.populations import Population
from validation import FORMS, Role


@dataclass(frozen=True, slots=True)
class Indicator:
    """Rows of `collection` in `population`: their number, or the sum of `columns` where some are named.

    All indicators add up: over units to provinces and the country, and over the parts of every
    breakdown but the multi-valued ones. `also_needs` names another register that must be in force.
    """

    code: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    definition_zh: str
    definition_en: str
    collection: str
    population: Population
    breakdowns: tuple[str, ...]
    columns: tuple[str, ...] = ()
    also_needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.breakdowns) - set(BREAKDOWNS)
        by_key = FORMS[self.collection].by_key
        unsummable = [key for key in self.columns if by_key[key].role is not Role.SUM]
        if unknown or unsummable:
            raise TypeError(f"{self.code}: unknown breakdowns {unknown}, columns without a sum {unsummable}")

    @property
    def collections(self) -> tuple[str, ...]:
        """Every register the indicator is made from, the counted one first."""
        return (self.collection, *self.also_needs)


_OF_NETWORKS = (
    "industry_section", "industry_division", "network_type", "operator", "ownership", "coverage_level",
    "security_level",
)  # fmt: skip
_OF_APPLICATIONS = (
    "industry_section", "industry_division", "stage", "scenario", "model_kind", "compute_location",
)  # fmt: skip


_networks = partial(
    Indicator, collection="networks", unit_zh="个", unit_en="networks", breakdowns=_OF_NETWORKS
)
_applications = partial(
    Indicator,
    collection="ai_applications",
    unit_zh="个",
    unit_en="applications",
    breakdowns=_OF_APPLICATIONS,
)
_MONEY = {"unit_zh": "万元", "unit_en": "10 000 CNY"}

INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator
    for indicator in (
        _networks(
            "NET_COUNT",
            "工业5G专网数",
            "Industrial 5G private networks",
            definition_zh="按计数规则计入的专网数。",
            definition_en="Networks that count under the counting rule.",
            population=populations.counted,
            breakdowns=(*_OF_NETWORKS, "industry_group", "status"),
        ),
        _networks(
            "NET_OPERATING",
            "承载业务的专网数",
            "Networks that carry traffic",
            definition_zh="计入的专网中，状态为“运行”且接入终端不少于1台的专网数。",
            definition_en="Of the counted networks, those operating with at least one terminal.",
            population=populations.operating,
        ),
        _networks(
            "NET_PIPELINE",
            "规划和在建专网数",
            "Networks in the pipeline",
            definition_zh="B、C、D门类中规划或在建的专网数。",
            definition_en="Networks planned or under construction in sections B, C and D.",
            population=populations.pipeline,
            breakdowns=(*_OF_NETWORKS, "status"),
        ),
        _networks(
            "NET_WITH_AI",
            "承载AI应用的专网数",
            "Networks that carry AI",
            definition_zh="计入的专网中，至少承载一个已投用AI应用的专网数。",
            definition_en="Counted networks that carry at least one AI application in production.",
            population=populations.carrying_ai,
            also_needs=("ai_applications",),
        ),
        _networks(
            "NET_TERMINALS",
            "5G终端数",
            "5G terminals",
            definition_zh="计入的专网接入的5G终端数之和。",
            definition_en="Sum of the 5G terminals of counted networks.",
            population=populations.counted,
            unit_zh="台",
            unit_en="terminals",
            columns=("terminals",),
        ),
        _networks(
            "NET_REDCAP",
            "RedCap终端数",
            "RedCap terminals",
            definition_zh="计入的专网中填报的RedCap终端数之和。",
            definition_en="Sum of the RedCap terminals that counted networks state.",
            population=populations.counted,
            unit_zh="台",
            unit_en="terminals",
            columns=("terminals_redcap",),
        ),
        _networks(
            "NET_BASE_STATIONS",
            "5G基站数",
            "5G base stations",
            definition_zh="计入的专网使用的宏站与室分及小站数之和。",
            definition_en="Sum of macro stations and of indoor and small cells of counted networks.",
            population=populations.counted,
            unit_en="stations",
            columns=("base_stations_macro", "base_stations_indoor"),
        ),
        _networks(
            "NET_INVESTMENT",
            "专网总投资",
            "Investment in networks",
            definition_zh="计入的专网总投资之和。",
            definition_en="Sum of the total investment in counted networks.",
            population=populations.counted,
            **_MONEY,
            columns=("investment_10k_cny",),
        ),
        _applications(
            "AI_COUNT",
            "已投用AI应用数",
            "AI applications in production",
            definition_zh="应用状态为“已投用”的AI应用数。",
            definition_en="AI applications whose status is in production.",
            population=populations.in_production,
            breakdowns=(*_OF_APPLICATIONS, "industry_group"),
        ),
        _applications(
            "AI_TRIAL",
            "试运行AI应用数",
            "AI applications in trial",
            definition_zh="应用状态为“试运行”的AI应用数。",
            definition_en="AI applications whose status is trial operation.",
            population=populations.in_trial,
        ),
        _applications(
            "AI_ON_5G",
            "承载于5G专网的AI应用数",
            "AI applications on 5G",
            definition_zh="由本地区计入的专网承载的已投用AI应用数。",
            definition_en="AI applications in production on a counted network of the same reporting unit.",
            population=populations.on_5g,
            also_needs=("networks",),
        ),
        _applications(
            "AI_INVESTMENT",
            "AI应用投资",
            "Investment in AI applications",
            definition_zh="已投用AI应用的投资额之和。",
            definition_en="Sum of the investment in applications in production.",
            population=populations.in_production,
            **_MONEY,
            columns=("investment_10k_cny",),
        ),
        _applications(
            "AI_BENEFIT",
            "AI应用年经济效益",
            "Annual benefit of AI applications",
            definition_zh="已投用AI应用中填报的年经济效益之和。",
            definition_en="Sum of the annual benefit that applications in production state.",
            population=populations.in_production,
            **_MONEY,
            columns=("annual_benefit_10k_cny",),
        ),
    )
}


def indicators_of(collection: str) -> list[str]:
    """Codes of the indicators that change with a register of `collection`."""
    return [code for code, indicator in INDICATORS.items() if collection in indicator.collections]
