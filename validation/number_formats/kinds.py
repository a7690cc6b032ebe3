"""Kinds of number formats: whether one can change what is displayed, is bare, is a percentage."""

from __future__ import annotations

from functools import lru_cache

from validation.number_formats.parts import Section, Shows, sections


@lru_cache(maxsize=1024)
def tells(code: str) -> bool:
    """Whether a number or a date may be shown as something else than its digits without a format would be."""
    parts = [part for part in sections(code) if part.shows is not Shows.TEXT]
    return len(parts) > 1 or any(not part.is_bare or part.least_decimals for part in parts)


@lru_cache(maxsize=1024)
def is_bare(code: str) -> bool:
    """Whether numbers and texts are shown as they are; separators and decimals do not count."""
    plain = [part for part in sections(code) if part.shows is not Shows.TEXT]
    return all(part.is_bare for part in plain) and text_around(code) == ("", "")


@lru_cache(maxsize=1024)
def is_percent(code: str) -> bool:
    """Whether all numbers are shown a hundredfold before a percent sign, as under 0.0%."""
    parts = [part for part in sections(code) if part.shows is not Shows.TEXT]
    part = parts[0] if len(parts) == 1 else Section(Shows.NOTHING)
    plain = part.condition is None and not part.is_parted
    return plain and (part.prefix, part.suffix.strip(), part.scale) == ("", "%", 2)


@lru_cache(maxsize=1024)
def text_around(code: str) -> tuple[str, str]:
    """What a format puts before and behind a text."""
    part = next((part for part in sections(code) if part.shows is Shows.TEXT), None)
    return (part.prefix, part.suffix) if part is not None else ("", "")
