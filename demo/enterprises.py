"""Demo enterprises: who owns a network or an application, stable for unit and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import TypeVar

from demo import vocabulary as words
from demo.credit_codes import credit_code
from demo.places import Place, places
from validation.codelists import reporting_units
from validation.codelists.industries import groups

T = TypeVar("T")

#: Letters of the units that have no ISO 3166-2 code.
OWN_LETTERS = {
    "210200": "DL", "330200": "NB", "350200": "XM", "370200": "QD", "440300": "SZ", "660000": "BT",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An invented enterprise; `industry` is a 3-digit group of GB/T 4754."""

    name: str
    brand: str
    uscc: str
    ownership: str
    industry: str
    place: Place


def weighted(random: Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of `choices`, each given with its weight."""
    return random.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]


@cache
def unit_letters(unit: str) -> str:
    """Two capital letters for a reporting unit, e.g. JS."""
    return OWN_LETTERS.get(unit) or reporting_units()[unit].iso[3:]


@cache
def _groups(division: str) -> tuple[str, ...]:
    return tuple(code for code in groups() if code.startswith(division))


@cache
def _divisions(unit: str) -> tuple[tuple[str, float], ...]:
    strong, factor = words.STRONGHOLDS[unit]
    return tuple(
        (code, share * (factor if code == strong else 1)) for code, (_, share) in words.INDUSTRIES.items()
    )


def brand(number: int) -> str:
    """A name no other number has."""
    layer, rest = divmod(number, len(words.FIRST_CHARACTERS) * len(words.SECOND_CHARACTERS))
    # A step without a common divisor walks through all pairs and keeps neighbours apart.
    pair = rest * 997 % (len(words.FIRST_CHARACTERS) * len(words.SECOND_CHARACTERS))
    first, second = divmod(pair, len(words.SECOND_CHARACTERS))
    third = words.THIRD_CHARACTERS[layer - 1] if layer else ""
    return words.FIRST_CHARACTERS[first] + words.SECOND_CHARACTERS[second] + third


@lru_cache(maxsize=200_000)
def enterprise(unit: str, number: int) -> Enterprise:
    """Enterprise `number` of a unit."""
    random = Random(f"{unit}/enterprise/{number}")  # noqa: S311
    # Codes begin with the capital; industry is denser there.
    place = places(unit)[int(len(places(unit)) * random.random() ** 1.6)]
    division = weighted(random, _divisions(unit))
    name = brand(number)
    return Enterprise(
        name=place.prefecture + name + words.INDUSTRIES[division][0] + words.SUFFIX,
        brand=name,
        uscc=credit_code(place.code, number),
        ownership=weighted(random, words.OWNERSHIPS),
        industry=random.choice(_groups(division)),
        place=place,
    )


def site(owner: Enterprise, ordinal: int) -> str:
    """Name of an enterprise's site, different for every ordinal from 0 on."""
    kinds = words.MINES if owner.industry < "13" else words.PLANTS if owner.industry >= "44" else words.SITES
    kind = kinds[(ordinal + int(owner.industry)) % len(kinds)]
    return (
        f"{owner.brand}{owner.place.short_name}{'二三四五六七'[ordinal - 1] + '号' if ordinal else ''}{kind}"
    )


def address(owner: Enterprise, ordinal: int) -> str:
    """Street address of a site."""
    low, high = int(owner.uscc[15], 36), int(owner.uscc[14], 36)
    road = words.ROADS[(low + ordinal) % len(words.ROADS)]
    return f"{owner.place.full_name}{road}{low * 9 + high + ordinal * 2 + 1}号"
