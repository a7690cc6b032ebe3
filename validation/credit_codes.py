"""Unified social credit codes: what GB 32100-2015 and, inside, GB 11714-1997 say of one, over whole columns."""

from __future__ import annotations

from functools import cache

import polars as pl

from validation.few_rows import select

#: GB 32100's characters in the order of their values; I, O, S, V and Z are left out.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
#: GB 11714 counts all letters: A is 10, Z is 35.
_INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_SHAPE = "^[0-9A-HJ-NP-RTUW-Y]{18}$"
_OLD = "^(?:[0-9]{15}|[0-9A-Z]{8}-?[0-9A-Z])$"
#: The code that forms print as an example.
SAMPLE = "91350100M000100Y43"
_REPEATED = "^(?:" + "|".join(f"{letter}+" for letter in _INNER_ALPHABET) + ")$"

FAULTS = ("uscc.E201", "uscc.E202", "uscc.W203", "uscc.W204", "uscc.E205", "uscc.E206")


def faults(codes: pl.Series) -> pl.Series:
    """Per credit code the one uscc rule that it breaks; null where it is right or missing."""
    return checked(codes).select_seq(_fault()).to_series()


@cache
def _fault() -> pl.Expr:
    code = pl.col("code")
    first = pl.when((code == SAMPLE) | code.str.contains(_REPEATED)).then(pl.lit("uscc.E205"))
    return (
        first.when(code.str.contains(_OLD))
        .then(pl.lit("uscc.E206"))
        .when(~code.str.contains(_SHAPE))
        .then(pl.lit("uscc.E201"))
        .when(pl.col("check") != code.str.slice(17, 1))
        .then(pl.lit("uscc.E202"))
        .when(pl.col("inner_check") != code.str.slice(16, 1))
        .then(pl.lit("uscc.W203"))
        .when(code.str.head(2) != "91")
        .then(pl.lit("uscc.W204"))
    )


def checked(codes: pl.Series) -> pl.DataFrame:
    """Codes with the `check` (18th) and `inner_check` (17th) character that the standards ask for."""
    padded = pl.col("code").str.replace_all("[^0-9A-Z]", "0").str.pad_end(18, "0")
    return select(codes.to_frame("code").with_columns_seq(padded=padded), "code", *_check_characters())


@cache
def _check_characters() -> tuple[pl.Expr, pl.Expr]:
    """Of dozens of parts each, so they are put together once."""
    padded = pl.col("padded")
    return check_character(padded).alias("check"), inner_check_character(padded).alias("inner_check")


def check_character(code: pl.Expr) -> pl.Expr:
    """The 18th character that GB 32100 asks for; `code` has at least 17 plain characters."""
    return _character((31 - _weighted(code, 0, _WEIGHTS, ALPHABET) % 31) % 31, ALPHABET)


def inner_check_character(code: pl.Expr) -> pl.Expr:
    """The 17th character, which closes the organisation code at places 9 to 17 by GB 11714; `code` has at
    least 16 plain characters."""
    return _character((11 - _weighted(code, 8, _INNER_WEIGHTS, _INNER_ALPHABET) % 11) % 11, "0123456789X")


def corrected(codes: pl.Series) -> pl.Series:
    """Codes with O read as 0 and I as 1 where that makes them right, else null."""
    guess = codes.str.replace_all("O", "0", literal=True).str.replace_all("I", "1", literal=True)
    code = pl.col("code")
    right = code.str.contains(_SHAPE) & (pl.col("check") == code.str.slice(17, 1))
    return checked(guess).select(pl.when(right).then(code)).to_series()


def _weighted(code: pl.Expr, start: int, weights: tuple[int, ...], alphabet: str) -> pl.Expr:
    # Bytes looked up in a table are several times as fast as one-character strings.
    values = pl.lit(pl.Series([alphabet.find(chr(byte)) for byte in range(256)], dtype=pl.Int32))
    plain = code.cast(pl.Binary)
    terms = [values.gather(_byte(plain, start + place)) * weight for place, weight in enumerate(weights)]
    return pl.sum_horizontal(terms)


def _byte(plain: pl.Expr, place: int) -> pl.Expr:
    return plain.bin.slice(place, 1).bin.reinterpret(dtype=pl.UInt8, endianness="little").cast(pl.UInt32)


def _character(value: pl.Expr, alphabet: str) -> pl.Expr:
    return value.replace_strict(list(range(len(alphabet))), list(alphabet))
