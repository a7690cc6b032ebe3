"""The words of the pages in either language, looked up by their English in the catalogues that the pages use."""

from __future__ import annotations

import re

from django.utils.translation import gettext, override

#: what code, templates and scripts leave open in a text
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
_TAG = re.compile(r"<[^>]+>")


def say(language: str, english: str, plural: str = "", **values: object) -> str:
    """Return the text with this English, with the values filled in; `plural` is its English for several."""
    return _PLACE.sub(lambda place: str(values[place[1] or place[2]]), _text(language, english, plural))


def like(language: str, english: str, plural: str = "", **values: object) -> re.Pattern[str]:
    """What the text looks like where a value that is not given may be anything."""
    text, pattern, at = _TAG.sub("", _text(language, english, plural)), "", 0
    for place in _PLACE.finditer(text):
        name = place[1] or place[2]
        pattern += re.escape(text[at : place.start()])
        pattern += re.escape(str(values[name])) if name in values else ".+"
        at = place.end()
    return re.compile(pattern + re.escape(text[at:]))


def _text(language: str, english: str, plural: str) -> str:
    """A text that the Chinese catalogues lack would be looked for in vain on the Chinese page only, or nowhere."""
    with override("zh-hans"):
        chinese = gettext(english)
    assert chinese != english, f"The Chinese catalogues have no {english!r}."
    return chinese if language == "zh-hans" else plural or english
