"""Zip packages (xlsx, ods) opened under the limits: what a part really holds is counted while it is inflated."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator

from validation.limits import MB, Limits
from validation.reading.allowance import Allowance
from validation.reading.refusals import damaged, encrypted, over_limit, used_up

#: Bytes of compressed input taken at a time and the most that one step may give.
STEP, BLOCK = 256 * 1024, 4 * MB
#: An XML part's root element begins within so many bytes.
HEAD = 8 * 1024
#: Below this a high ratio proves nothing: a small sheet of like rows packs very well.
RATIO_FROM = 10 * MB
_LOCAL_HEADER = 30
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: What text in UTF-16 begins with. Every such part would pass the look for declarations.
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Package:
    """One zip file. Raises RefusedFileError for damage (E001), encryption (E003) and limits (E004)."""

    def __init__(self, data: bytes, limits: Limits, allowance: Allowance) -> None:
        self.data = data
        self.limits = limits
        self.allowance = allowance
        self._sizes: dict[str, int] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
        except _UNREADABLE as error:
            raise damaged("压缩结构已损坏或不完整", "its zip structure is damaged or cut off") from error
        self._entries = {_plain_name(entry): entry for entry in entries}
        counts = Counter(map(_plain_name, entries))
        self._twins = {name for name, count in counts.items() if count > 1}
        self._check(entries)

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        self._check_count(len(entries))
        if any(entry.flag_bits & 1 for entry in entries):
            raise encrypted()
        self._check_expanded(sum(entry.file_size for entry in entries))

    def _check_count(self, count: int) -> None:
        most = self.limits.parts
        if count > most:
            raise used_up(f"内部部件不得超过{most}个", f"at most {most} parts inside the file")

    def check_readings(self, names: Iterable[str]) -> None:
        """file.E004 where parts that are named again and again would be over the limits: a part counts as often as
        it is read."""
        counts = Counter(name.casefold() for name in names)
        again = {name: count - 1 for name, count in counts.items() if count > 1 and name in self._entries}
        self._check_count(len(self._entries) + sum(again.values()))
        sizes = (self._entries[name].file_size * count for name, count in again.items())
        self._check_expanded(sum(entry.file_size for entry in self._entries.values()) + sum(sizes))

    def _check_expanded(self, size: int) -> None:
        limits = self.limits
        if size > limits.expanded_bytes:
            most = limits.expanded_bytes // MB
            raise used_up(f"解压后不得超过{most} MB", f"at most {most} MB when expanded")
        if size > RATIO_FROM and size > limits.ratio * len(self.data):
            raise used_up(
                f"解压比不得超过{limits.ratio}倍", f"at most {limits.ratio} times its size when expanded"
            )

    @property
    def names(self) -> list[str]:
        """Names of the parts, in lower case with forward slashes."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def read(self, name: str) -> bytes:
        """A whole small part; empty when it is not there."""
        return b"".join(self.blocks(name)) if name in self else b""

    def head(self, name: str) -> bytes:
        """The beginning of a part: what its root element is."""
        return next(self.blocks(name), b"")[:HEAD]

    def read_texts(self, name: str) -> bytes:
        """The part of the shared texts, file.E004 by the size that it declares and by that which it has."""
        if name not in self:
            return b""
        self._check_texts(self._entries[name.casefold()].file_size)
        read = bytearray()
        for block in self.blocks(name):
            read += block
            self._check_texts(len(read))
        return bytes(read)

    def _check_texts(self, size: int) -> None:
        if size > self.limits.shared_text_bytes:
            most = self.limits.shared_text_bytes // MB
            raise over_limit(f"共享文本不得超过{most} MB", f"at most {most} MB of texts that cells share")

    def blocks(self, name: str) -> Iterator[bytes]:
        """What one XML part really inflates to, block by block; its declared size is not believed."""
        size, tail, checksum = 0, b"", 0
        if name.casefold() in self._twins:
            raise damaged(f"压缩包内有两个{name}", f"it holds two parts of the name {name}")
        for block in self._inflate(self._entries[name.casefold()]):
            self.allowance.check()
            if size == 0:
                _check_encoding(block)
            size += len(block)
            checksum = zlib.crc32(block, checksum)
            self._check_expanded(size)
            # The word may lie across two blocks.
            if b"<!" in tail + block and _DECLARATION.search(tail + block):
                raise over_limit(
                    "不得含有XML文档类型或实体声明", "no XML document type or entity declarations"
                )
            tail = block[-16:]
            yield block
        self._check_declared(name, size, checksum)
        self._sizes[name.casefold()] = size
        self._check_expanded(sum(self._sizes.values()))

    def _check_declared(self, name: str, size: int, checksum: int) -> None:
        entry = self._entries[name.casefold()]
        if (size, checksum) != (entry.file_size, entry.CRC):
            raise damaged("部件内容与目录不符", "a part is not what the file's own directory says")

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(entry)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[at : at + BLOCK]) for at in range(0, len(packed), BLOCK))
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            yield from _deflated(packed)
        else:
            raise damaged("压缩方式不受支持", "its way of compression is not supported")

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        at = entry.header_offset
        header = self.data[at : at + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise damaged("压缩结构已损坏或不完整", "its zip structure is damaged or cut off")
        name, extra = struct.unpack_from("<HH", header, 26)
        start = at + _LOCAL_HEADER + name + extra
        if start + entry.compress_size > len(self.data):
            raise damaged("压缩结构已损坏或不完整", "its zip structure is damaged or cut off")
        return memoryview(self.data)[start : start + entry.compress_size]


def _plain_name(entry: zipfile.ZipInfo) -> str:
    """As every lookup takes it: in lower case with forward slashes."""
    return entry.filename.casefold().replace("\\", "/")


def _check_encoding(head: bytes) -> None:
    if head.startswith(_UTF16_MARKS) or b"\x00" in head[:2]:
        raise over_limit("内部部件应为UTF-8编码", "parts inside the file are written in UTF-8")


def _deflated(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), STEP):
            rest = bytes(packed[at : at + STEP])
            while rest:
                block = stream.decompress(rest, BLOCK)
                rest = stream.unconsumed_tail
                if block:
                    yield block
        if not stream.eof:
            raise damaged("压缩数据不完整", "its compressed data are cut off")
    except zlib.error as error:
        raise damaged("压缩数据已损坏", "its compressed data are damaged") from error
