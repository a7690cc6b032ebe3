"""Plantable defects of cells, credit codes and rows that both forms share."""

from __future__ import annotations

from demo.credit_codes import ALPHABET, credit_check, credit_code
from demo.defect import Changes, Defect, Register, Typed
from demo.defects import (  # fmt: skip
    both,
    cell,
    derived,
    elsewhere,
    filled,
    former_code,
    has,
    new,
    new_and_sole,
    of_a_city,
    reported_by_others,
)


def _next_character(character: str) -> str:
    return ALPHABET[(ALPHABET.index(character) + 1) % len(ALPHABET)]


def _wrong_check(row: Typed, register: Register) -> Changes:
    code = row["enterprise_uscc"]
    return {"enterprise_uscc": code[:17] + _next_character(code[17])}


def _wrong_organisation(row: Typed, register: Register) -> Changes:
    """The credit code's own check holds, the organisation code's inside does not."""
    code = row["enterprise_uscc"]
    body = code[:16] + ("1" if code[16] == "0" else "0")
    return {"enterprise_uscc": body + credit_check(body)}


def _no_enterprise(row: Typed, register: Register) -> Changes:
    """Registrar 1, category 2: a public institution."""
    return {"enterprise_uscc": credit_code(row["region_code"], 800_000, category="12")}


def cells(*, name: str, count: str, money: str, day: str, listed: str, text: str) -> tuple[Defect, ...]:
    """Defects of single cells, at columns of the form: a required name, a whole number with room
    below it, an amount, a date without history, a listed value, and the address."""
    return (
        cell("cell.E101", name, None),
        cell("cell.E102", count, "很多"),
        cell("cell.E103", count, 3.5),
        cell("cell.E104", day, "去年底", filled(day)),
        cell("cell.E105", day, "26.7", filled(day)),
        cell("cell.E106", listed, "其他等级"),
        cell("cell.E107", count, 9_999_999),
        cell("cell.E108", name, "网"),
        cell("cell.E112", "enterprise_uscc", 9.144030019220382e17, new_and_sole),
        cell("cell.E114", count, "约100"),
        cell("cell.E115", text, "同上"),
        cell("cell.E116", text, "涉密"),
        cell("cell.W118", money, "1.2亿", filled(money)),
        cell("cell.E119", text, "创新大道\ufffd号"),
        derived(
            "cell.W122",
            "region_code",
            lambda row, register: {"region_code": former_code(row, register)},
            lambda row, register: former_code(row, register) is not None,
        ),
    )


CREDIT_CODES = (
    derived(
        "uscc.E201",
        "enterprise_uscc",
        lambda row, register: {"enterprise_uscc": row["enterprise_uscc"][:17]},
        new_and_sole,
    ),
    derived("uscc.E202", "enterprise_uscc", _wrong_check, new_and_sole),
    derived("uscc.W203", "enterprise_uscc", _wrong_organisation, new_and_sole),
    derived("uscc.W204", "enterprise_uscc", _no_enterprise, new_and_sole),
    cell("uscc.E205", "enterprise_uscc", "91350100M000100Y43", new_and_sole),
    cell("uscc.E206", "enterprise_uscc", "320583000012345", new_and_sole),
)


def rows(*, other: str) -> tuple[Defect, ...]:
    """Defects of whole rows; `other` is a column that may hold 其他."""
    return (
        derived("row.E301", "region_code", elsewhere, new),
        derived(
            "row.E302",
            "region_code",
            of_a_city,
            both(new, lambda row, register: bool(reported_by_others(register.unit))),
        ),
        cell("row.E303", "industry_code", "990"),
        cell("row.W304", "industry_code", "39"),
        cell("row.W305", "industry_code", "631"),
        cell("row.W306", "investment_10k_cny", 1_200_000),
        derived("row.E307", "remark", lambda row, register: {other: "其他"}, has(remark=None)),
    )
