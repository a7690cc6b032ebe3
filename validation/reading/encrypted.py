"""Packages that Excel encrypts with a password of its own (a protected structure, read-only) opened with it, as Excel does.

[MS-OFFCRYPTO] 2.3.4 has the two ways that are used: agile encryption, and standard encryption of Office 2007.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from validation.reading.compound import Compound
from validation.reading.refusals import encrypted

#: Excel's own password, with which files are encrypted that shall open without one.
PASSWORD = "VelvetSweatshop"  # noqa: S105 known to every spreadsheet program
ZIP = b"PK\x03\x04"
INFO, PACKAGE = "EncryptionInfo", "EncryptedPackage"
#: Excel hashes 100 000 times; ten times that takes a second.
MOST_SPINS = 1_000_000
_STANDARD_SPINS = 50_000
_SEGMENT = 4096
_HASHES: dict[str, Callable[[bytes], hashlib._Hash]] = {
    "SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA384": hashlib.sha384, "SHA512": hashlib.sha512,
}  # fmt: skip
_ENCRYPTED_KEY = ".//{http://schemas.microsoft.com/office/2006/keyEncryptor/password}encryptedKey"
#: What each key of agile encryption is derived for: two of them check the password, one opens the key of the content.
_INPUT, _VALUE, _KEY = (
    bytes.fromhex(block) for block in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6")
)


def is_locked(compound: Compound) -> bool:
    """Whether the file is a package that is encrypted."""
    return PACKAGE in compound.entries


def opened_package(compound: Compound) -> bytes:
    """The package inside, which is a zip file. Raises RefusedFileError (file.E003) where another password is needed
    or the encryption is of another kind."""
    try:
        info, package = compound.stream(INFO), compound.stream(PACKAGE)
        (size,) = struct.unpack_from("<Q", package)
        content = _agile(info, package) if info[:4] == b"\x04\x00\x04\x00" else _standard(info, package)
    except (KeyError, ValueError, struct.error, ParseError, DefusedXmlException) as error:
        raise encrypted() from error
    if not content.startswith(ZIP):
        raise encrypted()
    return content[:size]


def _agile(info: bytes, package: bytes) -> bytes:
    root = fromstring(info[8:])
    data, key = root.find("{*}keyData"), root.find(_ENCRYPTED_KEY)
    if data is None or key is None:
        raise encrypted()
    digest, salt, size = (
        _HASHES[_text(key, "hashAlgorithm")],
        _bytes(key, "saltValue"),
        _number(key, "keyBits") // 8,
    )
    password = _spun(digest, salt, _number(key, "spinCount"))

    def part(name: str, purpose: bytes) -> bytes:
        derived = digest(password + purpose).digest()[:size].ljust(size, b"\x36")
        return _cbc(derived, salt, _bytes(key, name))

    check = digest(part("encryptedVerifierHashInput", _INPUT)).digest()
    if part("encryptedVerifierHashValue", _VALUE)[: len(check)] != check:
        raise encrypted()
    return _segments(data, part("encryptedKeyValue", _KEY)[:size], package)


def _segments(data: Element, key: bytes, package: bytes) -> bytes:
    digest, salt = _HASHES[_text(data, "hashAlgorithm")], _bytes(data, "saltValue")
    block = _number(data, "blockSize")
    starts = range(8, len(package), _SEGMENT)
    return b"".join(
        _cbc(
            key, digest(salt + struct.pack("<I", number)).digest()[:block], package[start : start + _SEGMENT]
        )
        for number, start in enumerate(starts)
    )


def _spun(digest: Callable[[bytes], hashlib._Hash], salt: bytes, spins: int) -> bytes:
    """The password hashed again and again."""
    if not 0 <= spins <= MOST_SPINS:
        raise encrypted()
    spun = digest(salt + PASSWORD.encode("utf-16-le")).digest()
    for number in range(spins):
        spun = digest(struct.pack("<I", number) + spun).digest()
    return spun


def _cbc(key: bytes, vector: bytes, content: bytes) -> bytes:
    decryptor = Cipher(AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(content) + decryptor.finalize()


def _standard(info: bytes, package: bytes) -> bytes:
    major, minor, _, header = struct.unpack_from("<HHII", info)
    (bits,) = struct.unpack_from("<I", info, 12 + 16)
    salt, verifier, check = struct.unpack_from("<4x16s16s4x32s", info, 12 + header)
    if minor != 2 or major not in (2, 3, 4):
        raise encrypted()
    last = hashlib.sha1(_spun(hashlib.sha1, salt, _STANDARD_SPINS) + bytes(4)).digest()  # noqa: S324 the format's own
    key = (_masked(last, 0x36) + _masked(last, 0x5C))[: bits // 8]
    if _ecb(key, check)[:20] != hashlib.sha1(_ecb(key, verifier)).digest():  # noqa: S324
        raise encrypted()
    return _ecb(key, package[8:])


def _masked(last: bytes, mask: int) -> bytes:
    return hashlib.sha1(bytes(byte ^ mask for byte in last.ljust(64, b"\x00"))).digest()  # noqa: S324


def _ecb(key: bytes, content: bytes) -> bytes:
    decryptor = Cipher(AES(key), modes.ECB()).decryptor()  # noqa: S305 the format's own
    return decryptor.update(content) + decryptor.finalize()


def _text(element: Element, name: str) -> str:
    return element.attrib[name]


def _bytes(element: Element, name: str) -> bytes:
    return base64.b64decode(element.attrib[name])


def _number(element: Element, name: str) -> int:
    return int(element.attrib[name])
