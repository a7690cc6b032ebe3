"""Workbook streams of .xls that Excel encrypts with its own password, as it does where the structure is protected.

[MS-OFFCRYPTO] 2.3.5 to 2.3.7 and [MS-XLS] 2.2.10: RC4, RC4 by CryptoAPI, and XOR. Heads of records are never encrypted,
nor are some records; the positions of the others in the stream count.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher

from validation.reading.encrypted import PASSWORD
from validation.reading.refusals import encrypted

FILE_PASS, _BOUND_SHEET = 0x2F, 0x85
#: BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead.
_PLAIN = frozenset({0x809, FILE_PASS, 0x194, 0x195, 0xE1, 0x196, 0x138})
_BLOCK = 1024
_HEAD = 4
_XOR, _RC4 = 0, 1
#: [MS-OFFCRYPTO] 2.3.7.2: what fills the XOR array behind the password.
_PADDING = bytes.fromhex("bbffffbaffffb98000be0f00bf0f00")
_ROTATED = bytes((byte >> 5 | byte << 3) & 0xFF for byte in range(256))


def opened_stream(stream: bytes) -> bytes:
    """The stream as it is when no record says that it is encrypted, else decrypted. Raises RefusedFileError (file.E003)
    where another password is needed or the encryption is of another kind."""
    for code, at, size in _heads(stream):
        if code == FILE_PASS:
            try:
                return _decrypted(stream, stream[at : at + size])
            except (struct.error, ValueError) as error:
                raise encrypted() from error
        if code == 0x0A:  # the end of the globals, in which it would stand
            break
    return stream


def _heads(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """(code, where its content begins, how long that is) of each record."""
    at = 0
    while at + _HEAD <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        yield code, at + _HEAD, size
        at += _HEAD + size


def _decrypted(stream: bytes, content: bytes) -> bytes:
    old = len(content) == _HEAD  # before Excel 97 there was XOR alone
    kind = _XOR if old else int.from_bytes(content[:2], "little")
    if kind == _XOR:
        return _without_xor(stream, *struct.unpack_from("<HH", content, 0 if old else 2))
    if kind != _RC4:
        raise encrypted()
    version = struct.unpack_from("<HH", content, 2)
    key = _rc4_key(content) if version == (1, 1) else _crypto_api_key(content)
    blocks = (
        _rc4(key(number), stream[at : at + _BLOCK]) for number, at in enumerate(range(0, len(stream), _BLOCK))
    )
    return _overlaid(stream, bytearray(b"".join(blocks)))


def _overlaid(stream: bytes, plain: bytearray) -> bytes:
    """The decrypted stream with what was never encrypted, and without the record that says that it is."""
    for code, at, size in _heads(stream):
        kept = size if code in _PLAIN else _HEAD if code == _BOUND_SHEET else 0
        plain[at - _HEAD : at + kept] = stream[at - _HEAD : at + kept]
        if code == FILE_PASS:
            plain[at - _HEAD : at - 2] = b"\x00\x00"
    return bytes(plain)


def _rc4_key(content: bytes) -> Callable[[int], bytes]:
    """The key of each block, once the password is found to be right."""
    salt, verifier, check = struct.unpack_from("<16s16s16s", content, 6)
    first = hashlib.md5(PASSWORD.encode("utf-16-le")).digest()[:5]  # noqa: S324 the format's own
    base = hashlib.md5((first + salt) * 16).digest()[:5]  # noqa: S324

    def key(number: int) -> bytes:
        return hashlib.md5(base + struct.pack("<I", number)).digest()  # noqa: S324

    _check(key(0), verifier, check, hashlib.md5)
    return key


def _crypto_api_key(content: bytes) -> Callable[[int], bytes]:
    major, minor, _, header = struct.unpack_from("<HHII", content, 2)
    (bits,) = struct.unpack_from("<I", content, 14 + 16)
    salt, verifier, check = struct.unpack_from("<4x16s16s4x20s", content, 14 + header)
    if minor != 2 or major not in (2, 3, 4):
        raise encrypted()
    base = hashlib.sha1(salt + PASSWORD.encode("utf-16-le")).digest()  # noqa: S324 the format's own
    size = (bits or 40) // 8

    def key(number: int) -> bytes:
        derived = hashlib.sha1(base + struct.pack("<I", number)).digest()[:size]  # noqa: S324
        return derived.ljust(16, b"\x00") if size == 5 else derived

    _check(key(0), verifier, check, hashlib.sha1)
    return key


def _check(key: bytes, verifier: bytes, check: bytes, digest: Callable[[bytes], hashlib._Hash]) -> None:
    plain = _rc4(key, verifier + check)
    if digest(plain[: len(verifier)]).digest() != plain[len(verifier) :]:
        raise encrypted()


def _rc4(key: bytes, content: bytes) -> bytes:
    return Cipher(ARC4(key), mode=None).decryptor().update(content)


def _without_xor(stream: bytes, key: int, verifier: int) -> bytes:
    if _verifier() != verifier:
        raise encrypted()
    array = _xor_array(key)
    plain = bytearray(stream)
    for _, at, size in _heads(stream):
        content = stream[at : at + size]
        start = (at + size) % len(array)
        mask = (array * (2 + len(content) // len(array)))[start : start + len(content)]
        mixed = int.from_bytes(content, "little") ^ int.from_bytes(mask, "little")
        plain[at : at + size] = mixed.to_bytes(len(content), "little").translate(_ROTATED)
    return _overlaid(stream, plain)


def _verifier() -> int:
    """[MS-OFFCRYPTO] 2.3.7.1: what a file holds to check the password by."""
    value = 0
    for byte in reversed(bytes([len(PASSWORD)]) + PASSWORD.encode("ascii")):
        value = (value >> 14 & 1 ^ value << 1 & 0x7FFF) ^ byte
    return value ^ 0xCE4B


def _xor_array(key: int) -> bytes:
    """[MS-OFFCRYPTO] 2.3.7.2: the password and its padding with both bytes of the key in turn, rotated."""
    text = PASSWORD.encode("ascii") + _PADDING
    mixed = (byte ^ (key >> 8 if at % 2 else key & 0xFF) for at, byte in enumerate(text[:16]))
    return bytes((byte >> 1 | byte << 7) & 0xFF for byte in mixed)
