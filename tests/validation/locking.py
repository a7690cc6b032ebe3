"""Files encrypted for tests as Excel encrypts them, with its own password or another."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from tests.validation.xls_files import BOF, FILE_PASS, compound_file, record
from validation.reading.encrypted import PASSWORD

SALT, KEY, VERIFIER = bytes(range(16)), bytes(range(32)), bytes(range(16, 32))
#: What [MS-OFFCRYPTO] 2.3.7.1 makes of the password.
VELVET = 0x9A0A
SPACES = {
    "": "http://schemas.microsoft.com/office/2006/encryption",
    "p": "http://schemas.microsoft.com/office/2006/keyEncryptor/password",
}
_INPUT, _VALUE, _KEY = (
    bytes.fromhex(block) for block in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6")
)
Hash = Callable[[bytes], Any]


def agile(package: bytes, *, password: str = PASSWORD, spins: int = 1_000, **changes: str) -> bytes:
    """As Office 2010 and later do. `changes` are attributes of the key that the file tells otherwise."""
    derived = _spun(hashlib.sha512, password, spins)

    def part(content: bytes, purpose: bytes) -> str:
        key = hashlib.sha512(derived + purpose).digest()[:32]
        return _base64(_cbc(key, SALT, content))

    sizes = {
        "spinCount": str(spins), "saltSize": "16", "blockSize": "16", "keyBits": "256", "hashSize": "64",
        "cipherAlgorithm": "AES", "cipherChaining": "ChainingModeCBC", "hashAlgorithm": "SHA512",
        "saltValue": _base64(SALT), "encryptedVerifierHashInput": part(VERIFIER, _INPUT),
        "encryptedVerifierHashValue": part(hashlib.sha512(VERIFIER).digest(), _VALUE),
        "encryptedKeyValue": part(KEY, _KEY), **changes,
    }  # fmt: skip
    data = f'saltValue="{_base64(SALT)}" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" hashAlgorithm="SHA512"'
    integrity = f'encryptedHmacKey="{_base64(b"")}" encryptedHmacValue="{_base64(b"")}"'
    key = " ".join(f'{name}="{value}"' for name, value in sizes.items())
    spaces = " ".join(f'xmlns{":" * bool(prefix)}{prefix}="{space}"' for prefix, space in SPACES.items())
    info = (
        f'<encryption {spaces}><keyData saltSize="16" {data}/><dataIntegrity {integrity}/><keyEncryptors>'
        f'<keyEncryptor uri="{SPACES["p"]}"><p:encryptedKey {key}/></keyEncryptor></keyEncryptors></encryption>'
    )
    padded = package.ljust(-(-len(package) // 16) * 16, b"\0")
    content = b"".join(
        _cbc(KEY, hashlib.sha512(SALT + struct.pack("<I", number)).digest()[:16], padded[at : at + 4096])
        for number, at in enumerate(range(0, len(padded), 4096))
    )
    head = struct.pack("<HHI", 4, 4, 0x40)
    # spaces at its end, for the file holds no streams that are shorter
    return _locked(head + info.encode().ljust(4096), struct.pack("<Q", len(package)) + content)


def standard(package: bytes, *, password: str = PASSWORD) -> bytes:
    """As Office 2007 does."""
    last = hashlib.sha1(_spun(hashlib.sha1, password, 50_000) + bytes(4)).digest()
    key = hashlib.sha1(bytes(byte ^ 0x36 for byte in last.ljust(64, b"\0"))).digest()[:16]
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 24, 0, 0) + "AES\0".encode("utf-16-le")
    check = hashlib.sha1(VERIFIER).digest().ljust(32, b"\0")
    verifier = struct.pack("<I", 16) + SALT + _ecb(key, VERIFIER) + struct.pack("<I", 20) + _ecb(key, check)
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header + verifier
    padded = package.ljust(-(-len(package) // 16) * 16, b"\0")
    return _locked(info, struct.pack("<Q", len(package)) + _ecb(key, padded))


def _locked(info: bytes, package: bytes) -> bytes:
    return compound_file({"EncryptionInfo": info, "EncryptedPackage": package})


def _spun(digest: Hash, password: str, spins: int) -> bytes:
    spun = digest(SALT + password.encode("utf-16-le")).digest()
    for number in range(spins):
        spun = digest(struct.pack("<I", number) + spun).digest()
    return bytes(spun)


def _cbc(key: bytes, vector: bytes, content: bytes) -> bytes:
    encryptor = Cipher(AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(content) + encryptor.finalize()


def _ecb(key: bytes, content: bytes) -> bytes:
    encryptor = Cipher(AES(key), modes.ECB()).encryptor()
    return encryptor.update(content) + encryptor.finalize()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def rc4(stream: bytes, *, password: str = PASSWORD) -> bytes:
    """A workbook stream as Excel 97 to 2003 encrypt it."""
    first = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    base = hashlib.md5((first + SALT) * 16).digest()[:5]

    def key(number: int) -> bytes:
        return hashlib.md5(base + struct.pack("<I", number)).digest()

    checked = _arc4(key(0), VERIFIER + hashlib.md5(VERIFIER).digest())
    return _streamed(stream, struct.pack("<HHH", 1, 1, 1) + SALT + checked, key)


def crypto_api(stream: bytes, *, password: str = PASSWORD, bits: int = 128) -> bytes:
    """A workbook stream as Excel 2002 and later can encrypt it."""
    base = hashlib.sha1(SALT + password.encode("utf-16-le")).digest()

    def key(number: int) -> bytes:
        derived = hashlib.sha1(base + struct.pack("<I", number)).digest()[: bits // 8]
        return derived.ljust(16, b"\0") if bits == 40 else derived

    header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + "RC4\0".encode("utf-16-le")
    checked = _arc4(key(0), VERIFIER + hashlib.sha1(VERIFIER).digest())
    verifier = struct.pack("<I", 16) + SALT + checked[:16] + struct.pack("<I", 20) + checked[16:]
    head = struct.pack("<HHHII", 1, 4, 2, 4, len(header))
    return _streamed(stream, head + header + verifier, key)


def _streamed(stream: bytes, content: bytes, key: Callable[[int], bytes]) -> bytes:
    marked = with_file_pass(stream, content)
    blocks = range(0, len(marked), 1024)
    mixed = b"".join(_arc4(key(number), marked[at : at + 1024]) for number, at in enumerate(blocks))
    return _readable_heads(marked, bytearray(mixed))


def _arc4(key: bytes, content: bytes) -> bytes:
    return Cipher(ARC4(key), mode=None).encryptor().update(content)


def xor(stream: bytes, *, key: int = 0xB359, verifier: int = VELVET, old: bool = False) -> bytes:
    """A workbook stream as Excel 95 and later can obscure it. Key and verifier are the password's."""
    text = PASSWORD.encode() + b"\xbb"
    array = [(byte ^ (key >> 8 if at % 2 else key & 255)) for at, byte in enumerate(text)]
    array = [(byte >> 1 | byte << 7) & 255 for byte in array]
    marked = with_file_pass(stream, (b"" if old else b"\x00\x00") + struct.pack("<HH", key, verifier))
    mixed = bytearray(marked)
    for _, at, size in _heads(marked):
        for number in range(at, min(at + size, len(marked))):
            byte = (marked[number] << 5 | marked[number] >> 3) & 255
            mixed[number] = byte ^ array[(at + size + number - at) % 16]
    return _readable_heads(marked, mixed)


def with_file_pass(stream: bytes, content: bytes) -> bytes:
    """The stream with the record that tells of the encryption behind its first one; sheets begin so much later."""
    (size,) = struct.unpack_from("<H", stream, 2)
    first, body = 4 + size, record(FILE_PASS, content)
    moved = bytearray(stream[:first] + body + stream[first:])
    for code, at, _ in _heads(bytes(moved)):
        if code == 0x85:
            struct.pack_into("<I", moved, at, struct.unpack_from("<I", moved, at)[0] + len(body))
    return bytes(moved)


def _heads(stream: bytes) -> list[tuple[int, int, int]]:
    heads, at = [], 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        heads.append((code, at + 4, size))
        at += 4 + size
    return heads


def _readable_heads(marked: bytes, mixed: bytearray) -> bytes:
    for code, at, size in _heads(marked):
        kept = size if code in (BOF, FILE_PASS) else 4 if code == 0x85 else 0
        mixed[at - 4 : at + kept] = marked[at - 4 : at + kept]
    return bytes(mixed)
