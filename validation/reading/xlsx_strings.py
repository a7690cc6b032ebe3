"""The shared strings of a package as one series, entities and escapes resolved."""

from __future__ import annotations

import re
from xml.etree.ElementTree import ParseError

import polars as pl
from defusedxml.ElementTree import fromstring

from validation.reading.refusals import damaged
from validation.reading.zipped import Package

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_PLAIN = r"^<t(?: xml:space=\"preserve\")?>([^<]*)</t></si>\s*(?:</sst>\s*)?$"


def shared_strings(package: Package, part: str) -> pl.Series:
    """Texts by their index; rich text is joined, phonetic hints are left out."""
    data = package.read(part)
    if not data:
        return pl.Series([], dtype=pl.String)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _parsed(data)
    if "<!" in text or "<si" not in text or _prefixed(text):
        return _parsed(data)
    items = pl.Series([text]).str.split("<si>").explode()[1:]
    found = items.str.extract(_PLAIN, 1)
    if found.null_count() or text.count("<si") != len(items):
        return _parsed(data)
    return resolved(found)


def _prefixed(text: str) -> bool:
    return re.search(r"<\w+:sst[\s>]", text[:1024]) is not None


def _parsed(data: bytes) -> pl.Series:
    """By a real parser, for rich text and every other spelling."""
    try:
        root = fromstring(data)
    except (ParseError, ValueError, LookupError) as error:
        raise damaged("共享字符串部件无法解析", "its shared strings cannot be parsed") from error
    texts = []
    for item in root.iterfind("{*}si"):
        runs = [node.text or "" for node in (*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t"))]
        texts.append(unescaped("".join(runs)))
    return pl.Series(texts, dtype=pl.String)


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
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def unescaped(text: str) -> str:
    """Spreadsheet programs write characters that XML cannot hold as _x000D_."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
