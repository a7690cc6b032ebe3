"""Events: each act with its facts, said in the reader's language; and what older events said in prose, as code."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.utils.translation import override

from submissions.edits.corrections import CellEdit, correct
from submissions.models import Act, Event, Period, State, Submission
from submissions.signoff import review
from submissions.workflow.event_words import event_detail
from tests.acts import fresh
from tests.conftest import Cast
from tests.factories import checked, signed
from tests.portal.browsing import browser, page, text

migration = importlib.import_module("submissions.migrations.0023_acts_of_events")

DETAILS: list[tuple[Act, dict[str, Any], str, str]] = [
    (Act.RECEIVED, {"file": "江苏.xlsx"}, "江苏.xlsx", "江苏.xlsx"),
    (Act.CHECK_STARTED, {"attempt": 2}, "attempt 2", "第2次"),
    (Act.CHECK_FAILED, {"failure": "gave-up"}, "The check was interrupted several times", "多次"),
    (Act.SUPERSEDED, {"version": 3}, "version 3", "第3版"),
    (
        Act.TITLES_MAPPED,
        {"titles": {"备注栏": None, "企业大名": "enterprise_name"}},
        "“备注栏” is ignored, “企业大名” means Enterprise name",
        "“备注栏”不采用、“企业大名”对应企业名称",
    ),
    (Act.TITLE_FORGOTTEN, {"title": "备注栏"}, "“备注栏”", "“备注栏”"),
    (
        Act.SHEETS_CHOSEN,
        {"sheets": {"表1": 3, "表2": None}},
        "“表1” with its header in row 3, “表2” is not read",
        "“表1”表头在第3行、“表2”不读取",
    ),
    (Act.CELLS_CORRECTED, {"cells": 1}, "1 cell", "1个单元格"),
    (Act.CELLS_CORRECTED, {"cells": 1200}, "1,200 cells", "1,200个单元格"),
    (
        Act.EXPLAINED,
        {"rules": {"net.W330": 2, "hist.W405": 1}},
        "hist.W405 × 1, net.W330 × 2",
        "hist.W405 × 1、net.W330 × 2",
    ),
    (Act.EXPLANATION_WITHDRAWN, {"warnings": 2}, "2 warnings", "2条警告"),
    (
        Act.REDIRECTED,
        {"collection": "networks", "period": "2026Q2"},
        "Industrial 5G private networks, 2026Q2",
        "2026年第二季度",
    ),
    (Act.LINK_MADE, {"link": 7}, "link 7", "链接7"),
    (Act.OTHER, {"text": "as it was"}, "as it was", "as it was"),
    (Act.SIGNED, {}, "", ""),
]

#: from state, to state and reason as events had them; act and detail as they are now
PROSE: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("", "received", "江苏.xlsx", "received", {"file": "江苏.xlsx"}),
    ("", "received", "retry", "received", {"file": "retry"}),
    ("", "received", "", "received", {}),
    ("received", "ready", "nil return", "nil_declared", {}),
    ("received", "checking", "attempt 1", "check_started", {"attempt": 1}),
    ("checking", "checking", "attempt 2", "check_started", {"attempt": 2}),
    ("checking", "unexplained", "", "checked", {}),
    ("checking", "failed", "out-of-memory", "check_failed", {"failure": "out-of-memory"}),
    ("failed", "received", "retry", "check_retried", {}),
    ("ready", "superseded", "version 12", "superseded", {"version": 12}),
    (
        "invalid",
        "received",
        "titles: 企业, 大名 → 简称 → enterprise_name, 备注栏 → ∅",
        "titles_mapped",
        {"titles": {"企业, 大名 → 简称": "enterprise_name", "备注栏": None}},
    ),
    ("invalid", "received", "title forgotten: 备注\n栏", "title_forgotten", {"title": "备注\n栏"}),
    (
        "invalid",
        "received",
        "sheets: 表1 → 3, 表2 → ∅",
        "sheets_chosen",
        {"sheets": {"表1": 3, "表2": None}},
    ),
    ("invalid", "received", "sheets: –", "sheets_chosen", {"sheets": {}}),
    ("invalid", "received", "corrections of the version before", "corrections_carried", {}),
    ("ready", "received", "stored file repaired", "file_repaired", {}),
    ("ready", "received", "the network form changed", "networks_changed", {}),
    ("ready", "unexplained", "rules changed", "rules_changed", {}),
    ("invalid", "invalid", "confirmed", "confirmed", {}),
    ("invalid", "ready", "1 cells corrected", "cells_corrected", {"cells": 1}),
    ("ready", "received", "cells corrected", "cells_corrected", {}),
    (
        "unexplained",
        "ready",
        "explained net.W330 × 2, hist.W405 × 1",
        "explained",
        {"rules": {"net.W330": 2, "hist.W405": 1}},
    ),
    ("ready", "unexplained", "explanation taken back × 2", "explanation_withdrawn", {"warnings": 2}),
    ("ready", "ready", "answered a reason of the return", "reason_answered", {}),
    ("ready", "ready", "link 7 made", "link_made", {"link": 7}),
    ("excluded", "excluded", "link 7 revoked", "link_revoked", {"link": 7}),
    ("signed", "signed", "review began", "review_began", {}),
    ("invalid", "withdrawn", "discarded", "discarded", {}),
    (
        "invalid",
        "withdrawn",
        "ai_applications/2026Q2",
        "redirected",
        {"collection": "ai_applications", "period": "2026Q2"},
    ),
]
#: words of people, which stay where they are
WORDS = [
    ("ready", "signed", "", "signed"),
    ("ready", "withdrawn", "discarded", "withdrawn"),
    ("signed", "withdrawn", "数据有误", "withdrawn"),
    ("signed", "returned", "version 2", "returned"),
    ("signed", "accepted", "", "accepted"),
    ("accepted", "excluded", "重复计算", "excluded"),
    ("excluded", "accepted", "核实", "reinstated"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "detail", "english", "chinese"), DETAILS)
def test_facts_are_said_in_both_languages(
    act: Act, detail: dict[str, Any], english: str, chinese: str
) -> None:
    event = Event(submission=Submission(collection="networks"), act=act, detail=detail)
    with override("en"):
        assert english in event_detail(event)
        assert bool(event_detail(event)) is bool(english)
    with override("zh-hans"):
        assert chinese in event_detail(event)


@pytest.mark.parametrize("act", Act)
def test_every_act_has_a_name_in_both_languages(act: Act) -> None:
    with override("en"):
        english = str(act.label)
    with override("zh-hans"):
        assert english != str(act.label) != ""


@pytest.mark.parametrize(("from_state", "to_state", "reason", "act", "detail"), PROSE)
def test_prose_becomes_an_act_with_its_facts_and_back(
    from_state: str, to_state: str, reason: str, act: str, detail: dict[str, Any]
) -> None:
    assert migration.coded(migration.Row(from_state, to_state, reason)) == (act, detail, "")
    assert act in Act.values
    assert migration.prose(act, detail, "") == reason


@pytest.mark.parametrize(("from_state", "to_state", "reason", "act"), WORDS)
def test_words_of_people_stay(from_state: str, to_state: str, reason: str, act: str) -> None:
    assert migration.coded(migration.Row(from_state, to_state, reason)) == (act, {}, reason)
    assert migration.prose(act, {}, reason) == reason


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        ("titles: ohne Pfeil", "titles_mapped"),
        ("explained net.W330", "explained"),
        ("nobody knows", "other"),
        ("attempt x", "other"),
    ],
)
def test_what_cannot_be_read_is_kept_as_text(reason: str, act: str) -> None:
    assert migration.coded(migration.Row("ready", "received", reason)) == (act, {"text": reason}, "")
    assert migration.prose(act, {"text": reason}, "") == reason


def test_the_migration_goes_there_and_back(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "BATCH", 7)
    submission = signed(cast.js_preparer, cast.js_signer, period)
    correctable = checked(cast.zj_preparer, period, rows=5, defects=["cell.E103"])
    cell = correctable.findings.get(code="cell.E103")
    correct(
        submission=correctable,
        by=cast.zj_preparer,
        edits=[CellEdit(cell.sheet, cell.row, cell.column, value="operating")],
    )
    review.begin_review(submission=submission, by=cast.reviewer)
    review.return_(submission=submission, by=cast.reviewer, reasons=[review.ReasonGiven("终端数请核实")])
    before = list(Event.objects.order_by("id").values_list("act", "detail", "reason"))
    assert len(before) > 8
    assert (Act.RETURNED, {}, "终端数请核实") in before
    migration.write_prose(None, None)
    Event.objects.update(act=Act.OTHER, detail={})
    texts = set(Event.objects.values_list("reason", flat=True))
    assert {"attempt 1", "review began", "1 cells corrected", "终端数请核实"} <= texts
    migration.code_events(None, None)
    assert list(Event.objects.order_by("id").values_list("act", "detail", "reason")) == before


def test_the_log_of_a_page_says_acts_in_its_language(cast: Cast, period: Period) -> None:
    submission = checked(cast.js_preparer, period, rows=3)
    review.withdraw(submission=submission, by=cast.js_signer, reason="数据有误")
    assert fresh(submission).state == State.WITHDRAWN
    english = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "· check started" in english
    assert "· check started" in english
    assert "attempt 1" in english
    chinese = text(browser(cast.js_preparer, "zh-hans").get(page("portal:submission", submission)))
    assert "开始校验" in chinese
    assert "第1次" in chinese
    assert "数据有误" in chinese
    assert submission.events.filter(act=Act.WITHDRAWN, actor=cast.js_signer).count() == 1
