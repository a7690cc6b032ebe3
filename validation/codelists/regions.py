"""Places: divisions by code or name, current and abolished, and the reporting unit that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from validation.codelists import reporting_units, rows_of
from validation.codelists.fold import fold
from validation.periods import Period

CORPS = "660000"
CORPS_PREFIX = "6590"

_SUCCESSORS = re.compile(r"successor ([0-9|]+)")
_FORMERLY = re.compile(r"formerly (\S+)")
#: Names of the peoples that stand in the names of autonomous areas, longest first.
_NATION = (
    "柯尔克孜|乌孜别克|维吾尔|哈萨克|达斡尔|塔吉克|俄罗斯|鄂温克|塔塔尔|鄂伦春|蒙古|布依|朝鲜|土家|哈尼|傈僳|高山|拉祜|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|"
    "普米|德昂|保安|裕固|独龙|赫哲|门巴|珞巴|基诺|回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各"
)
_SUFFIX = re.compile(
    rf"(?:(?:(?:{_NATION})族?)*自治[州县旗区]|各族自治县|行政委员会|地区|林区|特区|新区|矿区|左翼|[市省区县盟旗州])$"
)


class Division(NamedTuple):
    """One administrative division. `successors` is empty unless it was abolished or split."""

    code: str
    name: str
    level: str
    prefecture: str
    province: str
    valid_from: str
    valid_to: str
    successors: tuple[str, ...]
    former_name: str

    def exists_in(self, period: Period) -> bool:
        """Whether the division exists at the period's end."""
        end = f"{period.end:%Y-%m}"
        began = not self.valid_from or self.valid_from <= end
        return began and not (self.valid_to and self.valid_to <= end)


@cache
def divisions() -> Mapping[str, Division]:
    """All divisions by code."""
    return {row["code"]: _division(row) for row in rows_of("regions")}


def _division(row: dict[str, str]) -> Division:
    successors = _SUCCESSORS.search(row["note"])
    formerly = _FORMERLY.search(row["note"])
    return Division(
        row["code"],
        row["name_zh"],
        row["level"],
        row["prefecture_code"],
        row["province_code"],
        row["valid_from"],
        row["valid_to"],
        tuple(successors[1].split("|")) if successors else (),
        formerly[1] if formerly else "",
    )


@cache
def cities_with_separate_plan() -> tuple[str, ...]:
    """Prefecture codes of the five cities that report for themselves."""
    return tuple(u.code for u in reporting_units().values() if u.kind == "city_with_separate_plan")


def unit_of(code: str) -> str:
    """Code of the reporting unit that owns a division."""
    if code.startswith(CORPS_PREFIX):
        return CORPS
    prefecture = code[:4] + "00"
    return prefecture if prefecture in cities_with_separate_plan() else code[:2] + "0000"


def full_name(code: str) -> str:
    """Name with its prefecture, e.g. 苏州市昆山市."""
    division = divisions()[code]
    parent = divisions().get(division.prefecture)
    if division.level != "county" or parent is None or parent.level == "pseudo_prefecture":
        return division.name
    return parent.name + division.name


@cache
def stem(name: str) -> str:
    """A name without its suffix: 苏州市 is 苏州; names that would keep one character stay whole."""
    short = _SUFFIX.sub("", name)
    return short if len(short) > 1 else name


@cache
def places_of(unit: str, period: Period) -> tuple[str, ...]:
    """Codes that a unit's rows may carry in a period: its counties and prefectures."""
    return tuple(
        code
        for code, division in divisions().items()
        if division.level != "province" and unit_of(code) == unit and division.exists_in(period)
    )


class Hit(NamedTuple):
    """One way to read a place name; lower ranks are better."""

    rank: int
    code: str


#: Ranks: the full present name, a former name, a name without suffix, a full name with detail after it.
PRESENT, FORMER, STEM, DETAILED = range(4)


class Gazetteer:
    """The names of one period, with the parents that may stand before them."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.names: dict[str, list[Hit]] = {}
        #: first character -> names that begin with it, and their codes
        self.prefectures: dict[str, list[tuple[str, str]]] = {}
        for division in divisions().values():
            if division.level != "province":
                self._add(division)

    def _add(self, division: Division) -> None:
        present = division.exists_in(self.period)
        self._name(division.name, PRESENT if present else FORMER, division)
        if present and stem(division.name) != division.name:
            self._name(stem(division.name), STEM, division)
        if division.former_name:
            self._name(division.former_name, FORMER, division)

    def _name(self, name: str, rank: int, division: Division) -> None:
        self.names.setdefault(name, []).append(Hit(rank, division.code))
        if division.level != "county":
            self.prefectures.setdefault(name[0], []).append((name, division.code))

    def hits(self, text: str) -> Iterator[Hit]:
        """Every reading of a folded name, parents before it taken into account."""
        for prefix, rest in _provinces(text):
            yield from (hit for hit in self._within(rest) if hit.code.startswith(prefix))
            for name, code in self.prefectures.get(rest[:1], ()):
                if rest.startswith(name) and len(rest) > len(name) and code.startswith(prefix):
                    yield from self._below(code, rest[len(name) :])

    def _below(self, prefecture: str, rest: str) -> Iterator[Hit]:
        for hit in self._within(rest):
            if divisions()[hit.code].prefecture == prefecture and hit.code != prefecture:
                yield hit

    def _within(self, rest: str) -> Iterator[Hit]:
        yield from self.names.get(rest, ())
        for length in range(len(rest) - 1, 1, -1):
            if rest[length:] in self.names:
                continue  # a second place is no detail of the first
            for hit in self.names.get(rest[:length], ()):
                if hit.rank == PRESENT and divisions()[hit.code].level == "county":
                    yield Hit(DETAILED, hit.code)


@cache
def gazetteer(period: Period) -> Gazetteer:
    """The names that are read in `period`."""
    return Gazetteer(period)


@cache
def _province_names() -> tuple[tuple[str, str], ...]:
    prefixes = [("", "")]
    for unit in reporting_units().values():
        if unit.kind == "city_with_separate_plan":
            continue
        prefix = CORPS_PREFIX if unit.code == CORPS else unit.code[:2]
        names = {unit.name_zh, unit.short_zh, *unit.aliases}
        prefixes += [(name, prefix) for name in names if len(name) > 1 and not name.isascii()]
    return tuple(prefixes)


def _provinces(text: str) -> Iterator[tuple[str, str]]:
    for name, prefix in _province_names():
        if text.startswith(name) and len(text) > len(name):
            yield prefix, text[len(name) :]


_SEPARATORS = re.compile(r"[-/\\·.,、，;；>→|_]+")
#: A code with a name behind or before it. Letters that stand close to the digits are no name.
_CODE = re.compile(
    r"\(?([0-9]{6})(?:[0-9]{3}){0,2}(?:\.0+)?\)?(?:([^0-9a-z.][^0-9]*))?"
    r"|([^0-9]*[^0-9a-z.])\(?([0-9]{6})(?:[0-9]{6})?\)?"
)


class Place(NamedTuple):
    """What a place cell means. `code` is None when it is unknown or `candidates` are several;
    `replaced` is true when an abolished division's successor was taken."""

    code: str | None = None
    replaced: bool = False
    candidates: tuple[str, ...] = ()


def find_place(text: str, unit: str, period: Period) -> Place:
    """The division meant by a code or a name, looked for inside the reporting unit first. A code and the name of
    another place are two candidates."""
    folded = fold(text)
    coded = _CODE.fullmatch(folded)
    if coded is None:
        return _settle(_named(folded, unit, period), period)
    place = _settle([Hit(PRESENT, coded[1] or coded[4])], period)
    others = _others(place.code, _named((coded[2] or coded[3] or "").strip("()"), unit, period), period)
    return Place(candidates=(place.code, *others)) if place.code and others else place


def _named(name: str, unit: str, period: Period) -> list[Hit]:
    """What a folded name may mean, inside the unit if anything is."""
    hits = list(gazetteer(period).hits(_SEPARATORS.sub("", name)))
    inside = [hit for hit in hits if unit_of(hit.code) == unit]
    return inside or hits


def _others(code: str | None, hits: list[Hit], period: Period) -> list[str]:
    """The places that a name beside a code means, where none of them is that of the code, its city or a part of it."""
    named = sorted({now for hit in hits for now in present_codes(hit.code, period)})
    near = any(
        code in (other, divisions()[other].prefecture) or city_of(code)[0] == other for other in named if code
    )
    return [] if near else named


def _settle(hits: list[Hit], period: Period) -> Place:
    if not hits:
        return Place()
    best = min(hit.rank for hit in hits)
    named = {hit.code for hit in hits if hit.rank == best}
    codes = sorted({now for code in named for now in present_codes(code, period)})
    if len(codes) == 1:
        return Place(codes[0], replaced=best == FORMER or codes[0] not in named)
    return _containing(codes) or Place(candidates=tuple(codes))


def _containing(codes: list[str]) -> Place | None:
    # 淮安 alone is the city and a district of it; the city is right either way.
    for code in codes:
        if all(divisions()[other].prefecture == code for other in codes):
            return Place(code)
    return None


def present_codes(code: str, period: Period) -> tuple[str, ...]:
    """The divisions that stand for `code` in `period`: itself, its successors, or none."""
    division = divisions().get(code)
    if division is None or division.level == "province":
        return ()
    if division.exists_in(period):
        return (code,)
    return tuple(now for successor in division.successors for now in present_codes(successor, period))


def city_of(code: str) -> tuple[str, str]:
    """Code and name of the city (prefecture) that a division lies in: its own for a prefecture, and for counties
    directly under a province. Raises KeyError for a code that is no division."""
    division = divisions()[code]
    parent = divisions().get(division.prefecture)
    if parent is None or parent.level == "pseudo_prefecture":
        return code, division.name
    return parent.code, parent.name
