"""Statements: what a signer states, in both languages, as data with a version that every signature names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from submissions.models import Submission
from validation import FORMS


@dataclass(frozen=True, slots=True)
class Statement:
    """One version of the words. Placeholders: unit, form, period, version, records, day."""

    version: int
    #: first day on which it is signed
    since: date
    text_zh: str
    text_en: str
    nil_zh: str
    nil_en: str


#: All versions, oldest first. Words that were signed never change: a new version is added.
STATEMENTS: tuple[Statement, ...] = (
    Statement(
        version=1,
        since=date(2026, 1, 1),
        text_zh="兹代表{unit}声明：所报{period}《{form}》（第{version}版，共{records}条记录）"
        "为本单位截至{day}的完整登记数据，已经本单位核对，对各项警告所作的说明真实、准确。",
        text_en="On behalf of {unit} I state that this return of {form} for {period} (version {version}, "
        "{records} records) is the complete register on {day}, checked by our unit, "
        "and that the explanations given are true.",
        nil_zh="兹代表{unit}声明：截至{day}，本单位{period}《{form}》（第{version}版）没有需要填报的内容，"
        "本单位已予核实。",
        nil_en="On behalf of {unit} I state that on {day} our unit had nothing to report for {form}, {period} "
        "(version {version}), and that our unit has looked.",
    ),
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A statement as it reads for one submission."""

    version: int
    text_zh: str
    text_en: str


def statement_for(submission: Submission, day: date) -> Worded:
    """Return the statement to sign on `day`, filled in."""
    statement = [statement for statement in STATEMENTS if statement.since <= day][-1]
    nil = submission.nil_return
    return Worded(
        statement.version,
        _filled(statement.nil_zh if nil else statement.text_zh, submission, "zh"),
        _filled(statement.nil_en if nil else statement.text_en, submission, "en"),
    )


def _filled(text: str, submission: Submission, language: str) -> str:
    form = FORMS[submission.collection]
    return text.format(
        unit=getattr(submission.unit, f"name_{language}"),
        form=getattr(form, f"label_{language}"),
        period=submission.period.quarter.label_zh if language == "zh" else submission.period_id,
        version=submission.version,
        records=f"{submission.data_rows or 0:,}",
        day=submission.period.quarter.end.isoformat(),
    )
