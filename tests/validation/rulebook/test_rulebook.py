"""The rulebook stays true: every code documented once, in two languages, and the pages in docs/ up to date."""

from __future__ import annotations

import csv
import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from django.core.management import call_command

import validation
from validation import FORMS, Form, Severity, catalogue
from validation.hints import KINDS, bounds, hint
from validation.periods import Period
from validation.rulebook.listing import (
    CODELIST_NAMES,
    code_rows,
    codelists_of,
    column_rows,
    concerns,
    rule_rows,
)
from validation.rulebook.markdown import LANGUAGES, LEVELS, PLACEHOLDERS, page, plain_message

ENGINE = Path(validation.__file__).parent
DOCS = ENGINE.parent / "docs"
CODE = re.compile(r"\"((?:file|cell|uscc|row|net|ai|hist|nat)\.[EWI]\d{3})\"")
EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))


def raw_catalogue() -> list[dict[str, str]]:
    with (ENGINE / "catalogue.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_in_docs_are_what_the_engine_says(language: str) -> None:
    assert (DOCS / f"rulebook.{language}.md").read_text(encoding="utf-8") == page(language)


def test_the_command_prints_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rulebook", language="en")
    assert capsys.readouterr().out.startswith("# Gongwang rulebook")


def test_the_command_writes_both_pages_and_the_kit(tmp_path: Path, settings: object) -> None:
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    call_command("rulebook", write=True)
    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == [
        "kit",
        "rulebook.en.md",
        "rulebook.zh.md",
    ]


def test_no_code_is_used_twice_in_the_catalogue() -> None:
    times = Counter(row["code"] for row in raw_catalogue())
    assert [code for code, number in times.items() if number > 1] == []


def test_numbers_are_unique_across_the_letters() -> None:
    """cell.E107 and cell.W107 would be mistaken for each other."""
    times = Counter(re.sub(r"\.[EWI]", ".", code) for code in catalogue())
    assert [number for number, count in times.items() if count > 1] == []


def test_every_code_of_the_engine_is_in_the_catalogue() -> None:
    used = {code for path in ENGINE.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert used - set(catalogue()) == set()
    assert used


@EVERY_FORM
def test_one_version_of_a_rule_is_in_force_at_a_time(form: Form) -> None:
    for period in (Period(2025, 4), Period(2026, 3), Period(2030, 4)):
        of_rows = [(rule.code, rule.columns) for rule in form.rules if rule.applies_to(period)]
        of_registers = [(rule.code, ()) for rule in form.register_rules if rule.applies_to(period)]
        times = Counter([*of_rows, *of_registers])
        assert [rule for rule, number in times.items() if number > 1] == []


@pytest.mark.parametrize("code", list(catalogue()))
def test_every_rule_says_in_two_languages_what_is_wrong_and_what_to_do(code: str) -> None:
    text = catalogue()[code]
    assert text.condition_zh
    assert text.condition_en
    assert re.search("[\u4e00-\u9fff]", text.message_zh)
    assert text.message_en.isascii() or "“" in text.message_en
    assert bool(text.fix_zh) == bool(text.fix_en)
    assert text.level in LEVELS
    assert text.severity in Severity
    names = set(re.findall(r"{(\w+)}", text.message_zh))
    assert set(re.findall(r"{(\w+)}", text.message_en)) <= names <= set(PLACEHOLDERS)


@EVERY_FORM
def test_rules_name_columns_that_exist(form: Form) -> None:
    for text in catalogue().values():
        if text.collection == form.name:
            assert set(text.columns) - {"*"} <= set(form.by_key)


def test_rules_of_a_form_are_those_about_it() -> None:
    codes = {row["code"] for row in rule_rows(FORMS["networks"])}
    assert {"cell.E101", "net.E310", "uscc.E201", "hist.W401"} <= codes
    assert not any(code.startswith("ai.") for code in codes)
    assert len(rule_rows()) == len(catalogue())


def test_a_rule_about_columns_a_form_lacks_does_not_concern_it() -> None:
    text = catalogue()["hist.W407"]
    assert concerns(text, FORMS["networks"])
    assert not concerns(text, FORMS["ai_applications"])


@EVERY_FORM
def test_column_rows_carry_every_fact(form: Form) -> None:
    rows = column_rows(form)
    assert [row["key"] for row in rows] == [column.key for column in form.columns]
    for row, column in zip(rows, form.columns, strict=True):
        assert (row["how_zh"], row["how_en"]) == hint(column)
        assert (row["minimum"] is None) == (column.minimum is None)
        assert set(row["aliases"]) < set(column.titles)


@EVERY_FORM
def test_every_note_is_in_two_languages(form: Form) -> None:
    assert [column.key for column in form.columns if bool(column.note_zh) != bool(column.note_en)] == []


@EVERY_FORM
def test_every_code_list_has_labels_in_two_languages(form: Form) -> None:
    for codelist in codelists_of(form):
        rows = code_rows(codelist)
        assert rows
        assert all(row["label_zh"] and row["label_en"] for row in rows)


def test_industries_are_those_a_row_may_carry() -> None:
    assert {len(row["code"]) for row in code_rows("industries")} == {2, 3}
    assert len(code_rows("industries")) == 41 + 207


def test_placeholders_are_replaced_by_names() -> None:
    assert (
        plain_message("{value}超出允许范围（{min}–{max}）。", "zh")
        == "〈填写值〉超出允许范围（〈最小〉–〈最大〉）。"
    )
    with pytest.raises(KeyError):
        plain_message("{unheard_of}", "en")


def test_a_bar_in_a_text_does_not_break_the_table() -> None:
    for language in LANGUAGES:
        tables = [line for line in page(language).splitlines() if line.startswith("|")]
        widths = Counter(line.count(" | ") for line in tables)
        assert set(widths) <= {1, 2, 3, 6}


@EVERY_FORM
def test_a_hint_says_everything_once(form: Form) -> None:
    for column in form.columns:
        said = f"{KINDS[column.kind].zh}；{bounds(column).zh}"
        same = SequenceMatcher(None, said, column.note_zh, autojunk=False).find_longest_match()
        assert same.size < 5, (column.key, hint(column).zh)


@EVERY_FORM
def test_every_code_list_has_a_name(form: Form) -> None:
    assert set(codelists_of(form)) <= set(CODELIST_NAMES)
