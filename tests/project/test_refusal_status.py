"""Refusals: every code there is has a status and a sentence in both languages, and no other code can be raised."""

from __future__ import annotations

import string

import pytest
from django.utils.translation import override

from project.refusal_status import STATUS, status_of
from submissions.workflow.refusals import Refusal, RefusalCode, RefusalError

CODES = [code for app in RefusalCode.__subclasses__() for code in app]


def test_every_code_has_one_status_and_is_of_one_app() -> None:
    assert set(STATUS) == set(CODES)
    assert len({str(code) for code in CODES}) == len(CODES) == len(STATUS) > 60
    assert {code for code, status in STATUS.items() if not 400 <= status < 500} == {Refusal.STORAGE_DAMAGED}
    assert status_of(RefusalError(Refusal.FILE_TOO_LARGE, limit=3)) == 413


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_a_full_sentence_in_both_languages(code: RefusalCode) -> None:
    sentences = {}
    for language in ("zh-hans", "en"):
        with override(language):
            sentences[language] = str(code.message)
    assert sentences["en"].endswith(".")
    assert sentences["zh-hans"].endswith("。")
    assert _placeholders(sentences["en"]) == _placeholders(sentences["zh-hans"])


def _placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", ["no-such-code", "not-found"])
def test_a_code_that_is_no_member_cannot_be_raised(code: str) -> None:
    with pytest.raises(TypeError, match="no refusal code"):
        RefusalError(code)  # type: ignore[arg-type]
