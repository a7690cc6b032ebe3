"""Indicators: counts, sums and quotients over the rows of accepted registers; to add one, declare it here."""

from __future__ import annotations

from functools import partial

from national.definitions import populations
from national.definitions.indicator import Adds, Indicator

_OF_NETWORKS = (
    "industry_section", "industry_division", "industry_group", "network_type", "operator", "ownership",
    "coverage_level", "security_level", "status",
)  # fmt: skip
_OF_APPLICATIONS = (
    "industry_section", "industry_division", "industry_group", "stage", "scenario", "model_kind",
    "compute_location", "status",
)  # fmt: skip
#: what both registers state of their rows: by nothing else can be split what is counted over both
_INDUSTRIES = ("industry_section", "industry_division", "industry_group")


_networks = partial(
    Indicator, collection="networks", unit_zh="张", unit_en="networks", breakdowns=_OF_NETWORKS
)
_applications = partial(
    Indicator,
    collection="ai_applications",
    unit_zh="个",
    unit_en="applications",
    breakdowns=_OF_APPLICATIONS,
)
_MONEY = {"unit_zh": "万元", "unit_en": "10 000 CNY"}
_PERCENT = {"unit_zh": "%", "unit_en": "%"}
_SITES = {"unit_zh": "个", "unit_en": "sites", "adds": Adds.DISTINCT, "key": populations.site}


def _mean(code: str, name_zh: str, name_en: str, what_zh: str, what_en: str, column: str) -> Indicator:
    return _applications(
        code,
        name_zh,
        name_en,
        definition_zh=f"已投用AI应用中填报的{what_zh}的平均值；记录数为填报的应用数。",
        definition_en=f"Mean {what_en} over the applications in production that state it; records are those.",
        population=populations.in_production,
        **_PERCENT,
        columns=(column,),
        adds=Adds.MEAN,
    )


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
            unit_zh="个",
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
        _networks(
            "NET_GRADED_SHARE",
            "专网安全定级比例",
            "Networks with a security grade",
            definition_zh="计入的专网中，已定安全等级的专网所占比例。",
            definition_en="Counted networks with a security grade ÷ counted networks.",
            population=populations.counted,
            part=populations.graded,
            **_PERCENT,
            adds=Adds.SHARE,
            # by grade every share would be 100 % or 0 %
            breakdowns=tuple(name for name in _OF_NETWORKS if name != "security_level"),
        ),
        _applications(
            "AI_COUNT",
            "已投用AI应用数",
            "AI applications in production",
            definition_zh="应用状态为“已投用”的AI应用数。",
            definition_en="AI applications whose status is in production.",
            population=populations.in_production,
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
        # fmt: off
        _mean(
            "AI_PRODUCTIVITY",
            "劳动生产率提升",
            "Productivity gain",
            "劳动生产率提升幅度",
            "gain in labour productivity",
            "productivity_gain_pct",
        ),
        _mean(
            "AI_DEFECT_CUT", "不良率降低", "Defect cut", "不良率降低幅度", "cut in defects", "defect_cut_pct"
        ),
        _mean(
            "AI_DOWNTIME_CUT",
            "停机时间减少",
            "Downtime cut",
            "停机时间减少幅度",
            "cut in downtime",
            "downtime_cut_pct",
        ),
        _mean(
            "AI_ENERGY_SAVING",
            "能耗降低",
            "Energy saving",
            "能耗降低幅度",
            "saving of energy",
            "energy_saving_pct",
        ),
        _mean(
            "AI_COST_CUT",
            "运营成本降低",
            "Cost cut",
            "运营成本降低幅度",
            "cut in operating cost",
            "cost_cut_pct",
        ),
        # fmt: on
        _networks(
            "SITES_5G",
            "建有5G专网的工厂数",
            "Sites with 5G",
            definition_zh="有计入专网的工厂（园区、矿区、港区）数，同一企业的同名工厂只计一次。",
            definition_en="Sites with a counted network: the same enterprise and site name count once.",
            population=populations.counted,
            **_SITES,
        ),
        _applications(
            "SITES_AI",
            "应用AI的工厂数",
            "Sites with AI",
            definition_zh="有已投用AI应用的工厂数，同一企业的同名工厂只计一次。",
            definition_en="Factories with an AI application in production: the same enterprise and name count once.",
            population=populations.in_production,
            **_SITES,
        ),
        _networks(
            "SITES_5G_AI",
            "5G与AI兼备的工厂数",
            "Sites with 5G and AI",
            definition_zh="既有计入专网又有已投用AI应用的工厂数，企业和名称均相同的视为同一工厂。",
            definition_en="Sites with both a counted network and an AI application in production, matched by "
            "enterprise and name.",
            population=populations.counted_with_ai,
            other=populations.in_production_with_5g,
            also_needs=("ai_applications",),
            breakdowns=_INDUSTRIES,
            **_SITES,
        ),
        _networks(
            "GROUPS_COVERED",
            "覆盖工业行业中类数",
            "Industry groups covered",
            unit_zh="个",
            unit_en="groups",
            definition_zh="有计入专网或已投用AI应用的工业行业中类数（共207个）；只填到大类的不计。",
            definition_en="Of the 207 groups, those with a counted network or an AI application in production. "
            "Rows that state only a division do not count.",
            population=populations.counted,
            other=populations.in_production,
            also_needs=("ai_applications",),
            breakdowns=_INDUSTRIES,
            adds=Adds.DISTINCT,
            key=populations.group,
            disjoint=_INDUSTRIES,
        ),
    )
}


#: sets of registers that figures are made from; figures of one set come and go together
Group = tuple[str, ...]


def group_of(indicator: str) -> Group:
    """The registers an indicator is made from, in the order of their names."""
    return tuple(sorted(INDICATORS[indicator].collections))


GROUPS: dict[Group, list[str]] = {}
for _code in INDICATORS:
    GROUPS.setdefault(group_of(_code), []).append(_code)


def install(*indicators: Indicator) -> None:
    """Add indicators of a collection that lives outside this package.

    To be called when the process starts, before anything reads INDICATORS. Raises ValueError when a code is taken.
    """
    for indicator in indicators:
        if indicator.code in INDICATORS:
            raise ValueError(f"there is an indicator {indicator.code} already")
        INDICATORS[indicator.code] = indicator
        GROUPS.setdefault(group_of(indicator.code), []).append(indicator.code)
