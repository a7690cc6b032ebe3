"""Column titles as people write them -> the form's columns, by what is left when additions are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from validation.forms.form import Column, Form
from validation.forms.synonyms import synonyms_of
from validation.layout.title_parts import Title, Wording, flat, take_apart, title_key, wordings

#: Trust in a title: the form's own and its aliases, and what officials call the column besides.
OWN, SYNONYM = 2, 1
#: Words before a title that say what the whole form is about.
_PREFIXES = ("其中", "工业5g", "5g", "人工智能", "ai")


class Known(NamedTuple):
    """The form's column that a title means, and whether by its official title, an alias or as remembered."""

    key: str | None
    how: str


class _Meaning(NamedTuple):
    known: Known
    trust: int


class _Spellings(NamedTuple):
    """Ways to write a form's titles, by how they are compared; `official` as the form itself writes them."""

    whole: dict[str, _Meaning]
    names: dict[str, _Meaning]
    loose: dict[str, _Meaning]
    official: frozenset[str]


@lru_cache(maxsize=16)
def _spellings(name: str, columns: tuple[Column, ...]) -> _Spellings:
    """Of hundreds of titles, each taken apart: the same for every file."""
    spellings = _Spellings({}, {}, {}, frozenset(_official(columns)))
    for text, meaning in _named(name, columns):
        title = take_apart(text)
        spellings.whole.setdefault(title.full, meaning)
        for name in (title.name, flat(title.full), flat(title.name)):
            spellings.names.setdefault(name, meaning)
        if meaning.trust == OWN:
            loose = _Meaning(Known(meaning.known.key, "alias"), OWN)
            spellings.loose.setdefault(_loosened(title.name), loose)
    return spellings


def _named(form: str, columns: Iterable[Column]) -> Iterator[tuple[str, _Meaning]]:
    """Every title with what it means, the surest first: the official one in both languages and the field's key,
    then aliases, then synonyms."""
    for column in columns:
        yield column.label_zh, _Meaning(Known(column.key, "title"), OWN)
    for column in columns:
        for text in (column.label_en, column.key):
            yield text, _Meaning(Known(column.key, "title"), OWN)
    for column in columns:
        for text in column.aliases:
            yield text, _Meaning(Known(column.key, "alias"), OWN)
    for key, texts in synonyms_of(form).items():
        for text in texts:
            yield text, _Meaning(Known(key, "alias"), SYNONYM)


def _official(columns: Iterable[Column]) -> Iterator[str]:
    for column in columns:
        for text in (column.label_zh, column.label_en, column.key):
            title = take_apart(text)
            names = [title.full, title.name] if title.unit is not None else [title.full]
            yield from (spelling for name in names for spelling in (name, flat(name)))


class Titles:
    """The spellings of one form's titles, in order of trust: as the form writes them, as the unit has told
    (by `title_key`), by an alias or without a bracket, loosely, by a synonym."""

    def __init__(self, form: Form, remembered: Mapping[str, str | None] | None = None) -> None:
        self.form = form
        self._remembered = {
            title: key
            for title, key in (remembered or {}).items()
            if key is None or key in form.by_key  # a form may lose a column
        }
        self._spelled = _spellings(form.name, form.columns)
        self._found: dict[str, _Meaning | None] = {}

    def look_up(self, text: str) -> Known | None:
        """The column that a title means; None when it is not one of the form's."""
        meaning = self._meant(text)
        return meaning.known if meaning else None

    def trust(self, text: str) -> int:
        """OWN or SYNONYM; 0 where a title is not one of the form's."""
        meaning = self._meant(text)
        return meaning.trust if meaning else 0

    def as_written(self, text: str) -> Known | None:
        """The same without a thought of what people add to titles: quick, for texts that are mostly no titles."""
        meaning = self._written(take_apart(text))
        return meaning.known if meaning else None

    def _meant(self, text: str) -> _Meaning | None:
        if text not in self._found:
            self._found[text] = self._written(take_apart(text)) or self._said(text)
        return self._found[text]

    def _written(self, title: Title) -> _Meaning | None:
        spelled = self._spelled
        return (
            spelled.whole.get(title.full)
            or spelled.names.get(title.full)
            or spelled.names.get(title.name)
            or spelled.loose.get(_loosened(title.name))
        )

    def _said(self, text: str) -> _Meaning | None:
        """By the first wording that means anything: those that lose no part of the name first, and of these the form's
        own titles before synonyms."""
        meanings = [(said.plain, meaning) for said in wordings(text) if (meaning := self._worded(said))]
        best = max(meanings, key=lambda pair: (pair[0], pair[1].trust), default=None)
        return best[1] if best else None

    def _worded(self, said: Wording) -> _Meaning | None:
        """A name whose unit was set aside is one of those without their unit first."""
        whole, names, loose, _ = self._spelled
        first, second = (names, whole) if said.unit else (whole, names)
        return first.get(said.name) or second.get(said.name) or loose.get(_loosened(said.name))

    def recall(self, title: str) -> Known | None:
        """Return what the unit has decided about a title; the key is None when the column is to be ignored."""
        if not self._remembered:
            return None
        key = title_key(title)
        if key not in self._remembered or self.is_official(title):
            return None
        return Known(self._remembered[key], "remembered")

    def is_official(self, title: str) -> bool:
        """Whether a title is one of the form as the form writes it, whatever its unit, its hints and its translation:
        then it means nothing else. Of several levels (joined by " / ") all count."""
        joined = title.replace(" / ", "")
        return any(said.plain and said.name in self._spelled.official for said in wordings(joined))


def _loosened(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    if name.endswith(("数量", "个数")):
        return name[:-2] + "数"
    return name[:-2] + "时间" if name.endswith("日期") else name


__all__ = ["OWN", "SYNONYM", "Known", "Titles", "take_apart", "title_key"]
