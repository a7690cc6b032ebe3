"""The shared strings of a package as one series, entities and escapes resolved."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError, ParserCreate

import polars as pl

from validation.reading.refusals import damaged
from validation.reading.xml_text import BROKEN, character, code_of, plain_text, sound_text
from validation.reading.zipped import Package

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Half a pair that stands for a character beyond U+FFFF.
_HALF = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d+)|#x([0-9A-Fa-f]+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_PLAIN = r"^<t(?: xml:space=\"preserve\")?>([^<]*)</t></si>\s*(?:</sst>\s*)?$"


def shared_strings(package: Package, part: str) -> pl.Series:
    """Texts by their index; rich text is joined, phonetic hints are left out."""
    data = package.read_texts(part)
    if not data:
        return pl.Series([], dtype=pl.String)
    text = plain_text(data)
    if "<!" in text or "<si" not in text or _prefixed(text):
        return _parsed(data)
    items = pl.Series([text]).str.split("<si>").explode()[1:]
    plain = items.str.extract(_PLAIN, 1)
    if plain.null_count() or text.count("<si") != len(items):
        return _parsed(data)
    return resolved(plain)


def _prefixed(text: str) -> bool:
    return re.search(r"<\w+:sst[\s>]", text[:1024]) is not None


def _parsed(data: bytes) -> pl.Series:
    """By a real parser, for rich text and every other spelling."""
    items = _Items()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = items.start, items.end
    parser.CharacterDataHandler = items.characters
    try:
        for text in sound_text([data]):
            parser.Parse(text)
        parser.Parse("", True)
    except (ExpatError, ValueError) as error:
        raise damaged("共享字符串部件无法解析", "its shared strings cannot be parsed") from error
    return pl.Series(items.texts, dtype=pl.String)


class _Items:
    """Receives the parser's events: the runs of each item joined, without its phonetic hints."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._item: list[str] | None = None
        self._in_text = False
        self._phonetic = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        if local == "si":
            self._item = []
        elif local == "rPh":
            self._phonetic += 1
        self._in_text = local == "t" and not self._phonetic

    def characters(self, text: str) -> None:
        """Text of a run."""
        if self._in_text and self._item is not None:
            self._item.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        local = name.rpartition(" ")[2]
        self._in_text = False
        if local == "rPh":
            self._phonetic -= 1
        elif local == "si" and self._item is not None:
            self.texts.append(unescaped("".join(self._item)))
            self._item = None


def resolved(texts: pl.Series) -> pl.Series:
    """Raw XML text with its entities and escapes resolved; only texts that have any are touched."""
    odd = (
        texts.str.contains("&", literal=True)
        | texts.str.contains("_x", literal=True)
        | texts.str.contains("\r", literal=True)
    )
    places = odd.fill_null(False).arg_true()
    if not len(places):
        return texts
    mended = [unescaped(entities_resolved(text)) for text in texts.gather(places)]
    return texts.clone().scatter(places, pl.Series(mended, dtype=pl.String))


def entities_resolved(text: str) -> str:
    """Plain text of XML character data."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as every XML parser reads line ends
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    return _NAMED[match[1]] if match[1] else character(code_of(match[2], match[3]))


def unescaped(text: str) -> str:
    """Spreadsheet programs write characters that XML cannot hold as _x000D_, and some write an emoji as two halves:
    these are joined; a half that stands alone is U+FFFD, and so is a zero, which no database holds."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).replace("\x00", BROKEN)
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
