"""Units of measure that titles and cells name, and how one turns into another."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Unit(NamedTuple):
    """`size` is in the base unit of its dimension: yuan, pieces, milliseconds, Mbps or percent points."""

    dimension: str
    size: Decimal
    name_en: str


def _unit(dimension: str, size: str, name_en: str) -> Unit:
    return Unit(dimension, Decimal(size), name_en)


UNITS = {
    "元": _unit("money", "1", "CNY"),
    "千元": _unit("money", "1000", "× 1 000 CNY"),
    "万元": _unit("money", "10000", "× 10 000 CNY"),
    "百万元": _unit("money", "1000000", "× million CNY"),
    "千万元": _unit("money", "10000000", "× 10 million CNY"),
    "亿元": _unit("money", "100000000", "× 100 million CNY"),
    "个": _unit("pieces", "1", "pieces"),
    "台": _unit("pieces", "1", "pieces"),
    "套": _unit("pieces", "1", "pieces"),
    "台套": _unit("pieces", "1", "pieces"),
    "台(套)": _unit("pieces", "1", "pieces"),
    "张": _unit("pieces", "1", "pieces"),
    "座": _unit("pieces", "1", "pieces"),
    "站": _unit("pieces", "1", "pieces"),
    "部": _unit("pieces", "1", "pieces"),
    "万个": _unit("pieces", "10000", "× 10 000 pieces"),
    "万台": _unit("pieces", "10000", "× 10 000 pieces"),
    "us": _unit("time", "0.001", "us"),
    "μs": _unit("time", "0.001", "us"),
    "微秒": _unit("time", "0.001", "us"),
    "ms": _unit("time", "1", "ms"),
    "毫秒": _unit("time", "1", "ms"),
    "s": _unit("time", "1000", "s"),
    "秒": _unit("time", "1000", "s"),
    "kbps": _unit("rate", "0.001", "kbps"),
    "mbps": _unit("rate", "1", "Mbps"),
    "mb/s": _unit("rate", "1", "Mbps"),
    "mbit/s": _unit("rate", "1", "Mbps"),
    "兆": _unit("rate", "1", "Mbps"),
    "gbps": _unit("rate", "1000", "Gbps"),
    "%": _unit("share", "1", "%"),
    "百分点": _unit("share", "1", "%"),
    "个百分点": _unit("share", "1", "%"),
    "‰": _unit("share", "0.1", "per mille"),
}

#: Number words that stand between a figure and its unit.
MULTIPLES = {
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "十亿": Decimal(1_000_000_000),
    "百亿": Decimal(10_000_000_000),
    "千亿": Decimal(100_000_000_000),
}


def find_unit(name: str) -> Unit | None:
    """The unit of that name, case ignored."""
    return UNITS.get(name.strip().replace("（", "(").replace("）", ")").lower())


def factor(source: str | None, target: str | None) -> Decimal | None:
    """What a figure in `source` is multiplied by to stand in `target`; None when they do not convert."""
    if source is None or target is None or source == target:
        return Decimal(1)
    here, there = find_unit(source), find_unit(target)
    if here is None or there is None or here.dimension != there.dimension:
        return None
    return here.size / there.size
