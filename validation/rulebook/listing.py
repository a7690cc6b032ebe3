"""Forms, code lists and catalogue -> plain rows: what the docs, the API and the portal show of the rules."""

from __future__ import annotations

from typing import TypedDict

from validation.codelists import options
from validation.codelists.industries import groups, industrial_divisions
from validation.findings import RuleText, catalogue
from validation.forms import FORMS, Column, Form
from validation.hints import Text, hint, title
from validation.limits import DEFAULT_LIMITS, MB, Limits
from validation.rulebook.example_rows import EXAMPLES
from validation.rulebook.rule_examples import example_of
from validation.rules import RegisterRule, Rule


class ColumnRow(TypedDict):
    """One column of a form as other programs read it."""

    key: str
    title: str
    label_zh: str
    label_en: str
    aliases: list[str]
    kind: str
    unit: str | None
    codelist: str | None
    required: str
    minimum: str | None
    maximum: str | None
    role: str
    how_zh: str
    how_en: str
    example: str


class VersionRow(TypedDict):
    """The periods for which one version of a rule is in force; null is no bound."""

    version: int
    since: str | None
    until: str | None


class RuleRow(TypedDict):
    """One rule of the catalogue. `columns` are field keys; ``*`` stands for every column, none for the file."""

    code: str
    severity: str
    level: str
    collections: list[str]
    columns: list[str]
    condition_zh: str
    condition_en: str
    example_zh: str
    example_en: str
    message_zh: str
    message_en: str
    fix_zh: str
    fix_en: str
    versions: list[VersionRow]


class LimitRow(TypedDict):
    """One published limit of an upload. `value` counts the unit."""

    name: str
    value: int
    label_zh: str
    label_en: str
    unit_zh: str
    unit_en: str


class CodeRow(TypedDict):
    """One line of a code list."""

    code: str
    label_zh: str
    label_en: str
    aliases: list[str]


def column_rows(form: Form) -> list[ColumnRow]:
    """The form's columns in their official order."""
    return [_column_row(form, column) for column in form.columns]


def _column_row(form: Form, column: Column) -> ColumnRow:
    how: Text = hint(column)
    return {
        "key": column.key,
        "title": title(column),
        "label_zh": column.label_zh,
        "label_en": column.label_en,
        "aliases": list(column.aliases),
        "kind": column.kind.value,
        "unit": column.unit,
        "codelist": column.codelist,
        "required": column.required.value,
        "minimum": None if column.minimum is None else str(column.minimum),
        "maximum": None if column.maximum is None else str(column.maximum),
        "role": column.role.value,
        "how_zh": how.zh,
        "how_en": how.en,
        "example": str(EXAMPLES[form.name][column.key]),
    }


def rule_rows(form: Form | None = None) -> list[RuleRow]:
    """All rules in catalogue order, or those that a form is held to."""
    return [_rule_row(text) for text in catalogue().values() if form is None or concerns(text, form)]


def concerns(text: RuleText, form: Form) -> bool:
    """Whether a rule is about `form`: about every form, or about this one and not about foreign columns only."""
    named = set(text.columns) - {"*"}
    return text.collection in ("*", form.name) and (not named or bool(named & set(form.by_key)))


def _rule_row(text: RuleText) -> RuleRow:
    example = example_of(text.code)
    return {
        "code": text.code,
        "severity": text.severity.value,
        "level": text.level,
        "collections": [form.name for form in FORMS.values() if concerns(text, form)],
        "columns": list(text.columns),
        "condition_zh": text.condition_zh,
        "condition_en": text.condition_en,
        "example_zh": example.zh,
        "example_en": example.en,
        "message_zh": text.message_zh,
        "message_en": text.message_en,
        "fix_zh": text.fix_zh,
        "fix_en": text.fix_en,
        "versions": _versions(text.code),
    }


def _versions(code: str) -> list[VersionRow]:
    """Versions of a rule over the typed table; the rules of reading and casting have one and no bounds."""
    declared: list[Rule | RegisterRule] = []
    for form in FORMS.values():
        declared += [*form.rules, *form.register_rules]
    bounds = {(rule.version, rule.since, rule.until) for rule in declared if rule.code == code}
    return [
        {"version": version, "since": str(since) if since else None, "until": str(until) if until else None}
        for version, since, until in sorted(bounds or {(1, None, None)}, key=lambda bound: bound[0])
    ]


#: What each code list is called.
CODELIST_NAMES: dict[str, Text] = {
    "ownership": Text("企业性质", "Ownership"),
    "regions": Text("行政区划", "Administrative divisions"),
    "industries": Text("国民经济行业分类", "Industries"),
    "network_type": Text("专网类型", "Network type"),
    "coverage_level": Text("覆盖层级", "Coverage level"),
    "operator": Text("运营商", "Operator"),
    "band": Text("频段", "Frequency band"),
    "upf_placement": Text("UPF部署方式", "UPF placement"),
    "scenario_5g": Text("5G应用场景", "5G scenario"),
    "security_level": Text("安全分级", "Security grade"),
    "network_status": Text("专网建设状态", "Status of the network"),
    "ai_stage": Text("AI应用环节", "Stage of the AI application"),
    "scenario_ai": Text("AI应用场景", "Scenario of the AI application"),
    "model_kind": Text("模型类型", "Model kind"),
    "compute_location": Text("算力部署位置", "Compute location"),
    "data_level": Text("数据分级", "Data grade"),
    "ai_status": Text("AI应用状态", "Status of the AI application"),
}


def code_rows(codelist: str) -> list[CodeRow]:
    """A code list as it may be entered: of industries the divisions and groups of sections B, C and D."""
    allowed = {*industrial_divisions(), *groups()} if codelist == "industries" else None
    return [
        {
            "code": option.code,
            "label_zh": option.label_zh,
            "label_en": option.label_en,
            "aliases": list(option.aliases),
        }
        for option in options(codelist)
        if allowed is None or option.code in allowed
    ]


#: Limit -> (what one of the published unit is, label and unit in both languages).
_LIMITS: dict[str, tuple[int, Text, Text]] = {
    "file_bytes": (MB, Text("文件大小", "Size of the file"), Text("MB", "MB")),
    "expanded_bytes": (MB, Text("解压后大小", "Size when expanded"), Text("MB", "MB")),
    "ratio": (1, Text("解压比", "Expansion ratio"), Text("倍", "times")),
    "parts": (1, Text("文件内部部件", "Parts inside the file"), Text("个", "parts")),
    "shared_text_bytes": (MB, Text("共享文本", "Texts that cells share"), Text("MB", "MB")),
    "rows": (1, Text("数据行", "Rows of data"), Text("行", "rows")),
    "columns": (1, Text("列", "Columns"), Text("列", "columns")),
    "cell_characters": (1, Text("单元格内容", "Content of a cell"), Text("个字符", "characters")),
    "seconds": (1, Text("单次校验用时", "Processor time of one check"), Text("秒", "seconds")),
    "memory_bytes": (MB, Text("单次校验内存", "Memory of one check"), Text("MB", "MB")),
}


def limit_rows(limits: Limits = DEFAULT_LIMITS) -> list[LimitRow]:
    """The limits of an upload in the order in which they are checked; what is over one is file.E004."""
    return [
        {
            "name": name,
            "value": getattr(limits, name) // size,
            "label_zh": label.zh,
            "label_en": label.en,
            "unit_zh": unit.zh,
            "unit_en": unit.en,
        }
        for name, (size, label, unit) in _LIMITS.items()
    ]


def codelists_of(form: Form) -> list[str]:
    """The code lists that a form's columns name, each once, in the order of the columns."""
    return list(dict.fromkeys(column.codelist for column in form.columns if column.codelist is not None))
