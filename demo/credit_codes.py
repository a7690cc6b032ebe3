"""Unified social credit codes for demo enterprises: valid by GB 32100 and GB 11714, and plainly invented.

Written apart from the rules that check such codes, so that each is a test of the other.
"""

from __future__ import annotations

import polars as pl

#: GB 32100-2015: the 31 characters and the weights of positions 1-17.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
#: GB 11714-1997: the weights of the organisation code's eight characters.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
#: Registrar and category 91: an enterprise registered with the market regulator.
ENTERPRISE = "91"
#: Every demo organisation code begins so; no registrar hands it out.
MARK = "DEM"
#: Different demo organisations that five characters can number.
CAPACITY = len(ALPHABET) ** 5


def organisation_check(body: str) -> str:
    """Check character of an eight-character organisation code (GB 11714)."""
    values = (int(character, 36) for character in body)
    rest = 11 - sum(weight * value for weight, value in zip(ORGANISATION_WEIGHTS, values, strict=True)) % 11
    return "0" if rest == 11 else "X" if rest == 10 else str(rest)


def credit_check(body: str) -> str:
    """Check character of the first 17 characters of a credit code (GB 32100)."""
    values = (ALPHABET.index(character) for character in body)
    rest = sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)) % 31
    return ALPHABET[(31 - rest) % 31]


def credit_code(region: str, number: int, *, category: str = ENTERPRISE) -> str:
    """The code of demo organisation `number` (below CAPACITY) registered in `region` (six digits)."""
    digits = (ALPHABET[number // 31**place % 31] for place in (4, 3, 2, 1, 0))
    organisation = MARK + "".join(digits)
    body = category + region + organisation + organisation_check(organisation)
    return body + credit_check(body)


def _pick(characters: str, index: pl.Expr) -> pl.Expr:
    return index.replace_strict(list(range(len(characters))), list(characters), return_dtype=pl.String)


def _value(character: pl.Expr, alphabet: str) -> pl.Expr:
    return character.replace_strict(list(alphabet), list(range(len(alphabet))), return_dtype=pl.Int64)


def credit_codes(region: pl.Series, number: pl.Series) -> pl.Series:
    """`credit_code` for whole columns; used where a million rows are wanted."""
    digits = [_pick(ALPHABET, pl.col("number") // 31**place % 31) for place in (4, 3, 2, 1, 0)]
    frame = pl.DataFrame({"region": region, "number": number.cast(pl.Int64)})
    organisation = frame.select("region", organisation=pl.concat_str(pl.lit(MARK), *digits))
    body = organisation.select(
        body=pl.concat_str(pl.lit(ENTERPRISE), "region", "organisation", _organisation_check())
    )
    return body.select(pl.concat_str("body", _credit_check())).to_series().rename("uscc")


def _organisation_check() -> pl.Expr:
    everything = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    sums = (
        _value(pl.col("organisation").str.slice(at, 1), everything) * weight
        for at, weight in enumerate(ORGANISATION_WEIGHTS)
    )
    return _pick("0123456789X0", 11 - pl.sum_horizontal(*sums) % 11)


def _credit_check() -> pl.Expr:
    sums = (_value(pl.col("body").str.slice(at, 1), ALPHABET) * weight for at, weight in enumerate(WEIGHTS))
    return _pick(ALPHABET, (31 - pl.sum_horizontal(*sums) % 31) % 31)
