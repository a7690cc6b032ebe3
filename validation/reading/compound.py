"""OLE compound files: the streams inside, their chains of sectors followed no further than the file is long."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from validation.reading.refusals import damaged

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _ENTRY, _NAME = 512, 128, 64
#: Sector numbers from here on are marks: end of chain, free, table sectors.
_MARKS = 0xFFFFFFFA
_ROOT = 5


class Entry(NamedTuple):
    """One directory entry: a stream's first sector and its length in bytes."""

    kind: int
    start: int
    size: int


class Compound:
    """`entries` are the directory's streams and storages by name. Raises file.E001 for a broken structure."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_tables()
        except (struct.error, IndexError, ValueError, OverflowError) as error:
            raise _broken() from error

    def _read_tables(self) -> None:
        data = self._data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        directory, _, self._cutoff, mini_start, _, more_start, _ = struct.unpack_from("<IIIIIII", data, 48)
        if not (7 <= shift <= 16 and 2 <= mini_shift <= shift):
            raise _broken()
        self._sector, self._mini_sector = 1 << shift, 1 << mini_shift
        self._fat = self._allocation(more_start)
        self.entries = self._directory(self._chain(directory, self._fat))
        self._mini_fat = _numbers(self._joined(self._chain(mini_start, self._fat)))
        self._mini = self._joined(self._chain(self._root.start, self._fat))

    def _allocation(self, more: int) -> Sequence[int]:
        """The file's allocation table, whose sectors are listed in the header and in sectors chained from it."""
        listed = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        while more < _MARKS and more not in seen:
            seen.add(more)
            numbers = _numbers(self._at(more))
            listed += numbers[:-1]
            more = numbers[-1]
        return _numbers(b"".join(self._at(number) for number in listed if number < _MARKS))

    def _at(self, number: int) -> bytes:
        start = max(_HEADER, self._sector) + number * self._sector
        return self._data[start : start + self._sector]

    def _chain(self, start: int, table: Sequence[int]) -> list[int]:
        chain: list[int] = []
        while start < _MARKS:
            if len(chain) > len(table) or start >= len(table):
                raise _broken()
            chain.append(start)
            start = table[start]
        return chain

    def _joined(self, chain: Sequence[int]) -> bytes:
        return b"".join(self._at(number) for number in chain)

    def _directory(self, chain: Sequence[int]) -> dict[str, Entry]:
        """Streams and storages by name; the root, which Excel for Mac calls R and not Root Entry, stands apart."""
        raw = self._joined(chain)
        entries: dict[str, Entry] = {}
        roots = []
        for at in range(0, len(raw) - _ENTRY + 1, _ENTRY):
            (kind,) = struct.unpack_from("<B", raw, at + _NAME + 2)
            entry = Entry(kind, *struct.unpack_from("<II", raw, at + 116))
            # names end with a zero: their declared length may be wrong
            name = raw[at : at + _NAME].decode("utf-16-le", "replace").partition("\0")[0]
            if kind == _ROOT:
                roots.append(entry)
            elif kind and name:
                entries.setdefault(name, entry)
        if not roots:
            raise _broken()
        self._root = roots[0]
        return entries

    def stream(self, name: str) -> bytes:
        """The bytes of a stream in the directory."""
        entry = self.entries[name]
        if entry.size >= self._cutoff:
            return self._joined(self._chain(entry.start, self._fat))[: entry.size]
        size = self._mini_sector
        chain = self._chain(entry.start, self._mini_fat)
        return b"".join(self._mini[number * size : (number + 1) * size] for number in chain)[: entry.size]


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _broken() -> Exception:
    return damaged("复合文档结构已损坏或不完整", "its compound file structure is damaged or cut off")
