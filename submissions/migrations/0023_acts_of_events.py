"""Events that say in English prose what was done get the code of the act and its facts; words of people stay as they are."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import connection, migrations
from psycopg.types.json import Json

BATCH = 5000
NONE = "∅"


class Row(NamedTuple):
    """What an event said before acts had codes."""

    from_state: str
    to_state: str
    reason: str


class Coded(NamedTuple):
    """The same as code, facts, and what is left of the reason: the words of a person."""

    act: str
    detail: dict[str, Any]
    reason: str = ""


def _pairs(text: str, value: str, read: Callable[[str], Any]) -> dict[str, Any]:
    """`name → value, …`. Names may hold commas and arrows; raises ValueError when the text is not wholly read."""
    pair = re.compile(rf"(?P<name>.+?) → (?P<value>{value}|{NONE})(?:, |$)", re.DOTALL)
    pairs, at = {}, 0
    while at < len(text):
        if (match := pair.match(text, at)) is None:
            raise ValueError(text)
        pairs[match["name"]] = None if match["value"] == NONE else read(match["value"])
        at = match.end()
    return pairs


def _rules(text: str) -> dict[str, int]:
    """`code × count, …`"""
    counts = (part.split(" × ") for part in text.split(", "))
    return {code: int(count) for code, count in counts}


#: whole texts, with the act and how its facts are read of the match
TEXTS: list[tuple[str, str, Callable[[re.Match[str]], dict[str, Any]]]] = [
    (r"attempt (\d+)", "check_started", lambda m: {"attempt": int(m[1])}),
    (r"version (\d+)", "superseded", lambda m: {"version": int(m[1])}),
    (r"nil return", "nil_declared", lambda m: {}),
    (r"retry", "check_retried", lambda m: {}),
    (r"titles: (.*)", "titles_mapped", lambda m: {"titles": _pairs(m[1], r"[a-z][a-z0-9_]*", str)}),
    (r"title forgotten: (.*)", "title_forgotten", lambda m: {"title": m[1]}),
    (r"sheets: –", "sheets_chosen", lambda m: {"sheets": {}}),
    (r"sheets: (.*)", "sheets_chosen", lambda m: {"sheets": _pairs(m[1], r"\d+", int)}),
    (r"corrections of the version before", "corrections_carried", lambda m: {}),
    (r"stored file repaired", "file_repaired", lambda m: {}),
    (r"the network form changed", "networks_changed", lambda m: {}),
    (r"rules changed", "rules_changed", lambda m: {}),
    (r"confirmed", "confirmed", lambda m: {}),
    (r"(\d+) cells corrected", "cells_corrected", lambda m: {"cells": int(m[1])}),
    (r"cells corrected", "cells_corrected", lambda m: {}),
    (r"explained (.*)", "explained", lambda m: {"rules": _rules(m[1])}),
    (r"explanation taken back × (\d+)", "explanation_withdrawn", lambda m: {"warnings": int(m[1])}),
    (r"answered a reason of the return", "reason_answered", lambda m: {}),
    (r"link (\d+) made", "link_made", lambda m: {"link": int(m[1])}),
    (r"link (\d+) revoked", "link_revoked", lambda m: {"link": int(m[1])}),
    (r"review began", "review_began", lambda m: {}),
]
#: acts of moves whose reason, where there is one, is a person's
BY_MOVE = {"signed": "signed", "returned": "returned", "excluded": "excluded", "accepted": "accepted"}
REDIRECTED = re.compile(r"(networks|ai_applications)/(\d{4}Q[1-4])")


def coded(row: Row) -> Coded:
    """The act of an event, its facts, and the words of a person. Text that nobody wrote so is kept as `text`."""
    if not row.from_state:
        return Coded("received", {"file": row.reason} if row.reason else {})
    if row.from_state != row.to_state:
        if row.from_state == "excluded":
            return Coded("reinstated", {}, row.reason)
        if row.to_state == "withdrawn":
            return _given_up(row)
        if row.to_state == "failed":
            return Coded("check_failed", {"failure": row.reason or "gave-up"})
        if row.to_state in BY_MOVE:
            return Coded(BY_MOVE[row.to_state], {}, row.reason)
        if row.from_state == "checking" and not row.reason:
            return Coded("checked", {})
    return _of_text(row.reason)


def _given_up(row: Row) -> Coded:
    if row.from_state == "invalid" and row.reason == "discarded":
        return Coded("discarded", {})
    if row.from_state == "invalid" and (match := REDIRECTED.fullmatch(row.reason)):
        return Coded("redirected", {"collection": match[1], "period": match[2]})
    return Coded("withdrawn", {}, row.reason)


def _of_text(text: str) -> Coded:
    for pattern, act, facts in TEXTS:
        if match := re.fullmatch(pattern, text, re.DOTALL):
            try:
                return Coded(act, facts(match))
            except ValueError:
                return Coded(act, {"text": text})
    return Coded("other", {"text": text} if text else {})


def prose(act: str, detail: dict[str, Any], reason: str) -> str:
    """The text that an event had before."""
    if "text" in detail:
        return str(detail["text"])
    texts = {
        "received": "{file}",
        "check_failed": "{failure}",
        "check_started": "attempt {attempt}",
        "superseded": "version {version}",
        "nil_declared": "nil return",
        "check_retried": "retry",
        "title_forgotten": "title forgotten: {title}",
        "corrections_carried": "corrections of the version before",
        "file_repaired": "stored file repaired",
        "networks_changed": "the network form changed",
        "rules_changed": "rules changed",
        "confirmed": "confirmed",
        "discarded": "discarded",
        "redirected": "{collection}/{period}",
        "cells_corrected": "{cells} cells corrected" if "cells" in detail else "cells corrected",
        "explanation_withdrawn": "explanation taken back × {warnings}",
        "reason_answered": "answered a reason of the return",
        "link_made": "link {link} made",
        "link_revoked": "link {link} revoked",
        "review_began": "review began",
    }
    lists = {
        "titles_mapped": ("titles: ", detail.get("titles"), " → "),
        "sheets_chosen": ("sheets: ", detail.get("sheets"), " → "),
        "explained": ("explained ", detail.get("rules"), " × "),
    }
    if act in lists:
        start, pairs, between = lists[act]
        parts = [f"{name}{between}{NONE if value is None else value}" for name, value in (pairs or {}).items()]
        return start + (", ".join(parts) or "–")
    if act == "received" and not detail:
        return ""
    return texts[act].format(**detail) if act in texts else reason


def _batches(columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """All events in the order of their ids, some thousand at a time."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {columns} FROM submissions_event WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH]
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def code_events(apps: Any, schema_editor: Any) -> None:
    """Give every event its act."""
    for rows in _batches("from_state, to_state, reason"):
        changed = [(c.act, Json(c.detail), c.reason, pk) for pk, *old in rows for c in [coded(Row(*old))]]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE submissions_event SET act = %s, detail = %s, reason = %s WHERE id = %s", changed)


def write_prose(apps: Any, schema_editor: Any) -> None:
    """Take that back."""
    for rows in _batches("act, detail::text, reason"):
        changed = [(prose(act, json.loads(detail), reason), pk) for pk, act, detail, reason in rows]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE submissions_event SET reason = %s WHERE id = %s", changed)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0022_event_act")]

    operations = [migrations.RunPython(code_events, write_prose)]
