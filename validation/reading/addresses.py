"""Cell addresses as workbooks write them: letters of columns, and ranges of merged cells."""

from __future__ import annotations

from validation.raw import Merged


def column_index(letters: str) -> int:
    """0-based index of column letters: A is 0, AB is 27."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def merged_range(left: str, top: str, right: str, bottom: str) -> Merged:
    """A merged range of its corners' letters and digits."""
    return Merged(int(top), column_index(left), int(bottom), column_index(right))
