"""What a file really is, told by its bytes; its name is never believed."""

from __future__ import annotations

import re
from typing import NamedTuple

from validation.limits import MB, Limits
from validation.reading.compound import SIGNATURE
from validation.reading.refusals import damaged, encrypted, over_limit, unsupported
from validation.reading.zipped import Package


class Kind(NamedTuple):
    """Beginning of a file and what it shows, in Chinese and English."""

    start: bytes
    zh: str
    en: str


#: Contents people send under a spreadsheet's name, by their first bytes.
OTHERS = (
    Kind(b"%PDF-", "PDF文档", "a PDF document"),
    Kind(b"\x89PNG\r\n\x1a\n", "PNG图片", "a PNG picture"),
    Kind(b"\xff\xd8\xff", "JPEG图片", "a JPEG picture"),
    Kind(b"GIF8", "GIF图片", "a GIF picture"),
    Kind(b"BM", "BMP图片", "a BMP picture"),
    Kind(b"Rar!\x1a\x07", "RAR压缩包", "a RAR archive"),
    Kind(b"7z\xbc\xaf\x27\x1c", "7z压缩包", "a 7z archive"),
    Kind(b"\x1f\x8b", "gzip压缩包", "a gzip archive"),
    Kind(b"{\\rtf", "RTF文档", "an RTF document"),
    Kind(b"PAR1", "Parquet文件", "a Parquet file"),
    Kind(b"SQLite format 3\x00", "SQLite数据库", "an SQLite database"),
    Kind(b"\x7fELF", "程序文件", "a program"),
    Kind(b"MZ", "程序文件", "a program"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|script)[\s>]", re.IGNORECASE)


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse an empty file (E001) and one over the limit on bytes (E004)."""
    if not data:
        raise damaged("文件为空", "it is empty")
    if len(data) > limits.file_bytes:
        most = limits.file_bytes // MB
        raise over_limit(f"文件大小不得超过{most} MB", f"at most {most} MB per file")


def refuse_foreign(data: bytes) -> None:
    """file.E002 for contents that are known and are no spreadsheet."""
    for kind in OTHERS:
        if data.startswith(kind.start):
            raise unsupported(kind.zh, kind.en)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\x00" in head[:64]:  # UTF-16 without its zero bytes is enough to know a tag by
        head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe").lstrip()
    if head.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise unsupported("Excel 2003 XML表格", "an Excel 2003 XML spreadsheet")
    if head.startswith(b"<") and _HTML.search(head):
        raise unsupported("HTML网页", "an HTML page")
    if head.startswith(b"<?xml"):
        raise unsupported("XML文件", "an XML file")


def zip_kind(package: Package) -> str:
    """xlsx or ods; file.E002 for any other package."""
    names = package.names
    if "[content_types].xml" in names and any(name.endswith("/workbook.xml") for name in names):
        return "xlsx"
    mimetype = package.read("mimetype").decode("ascii", "replace").strip()
    if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise encrypted()
        return "ods"
    raise unsupported(*_package_name(names, mimetype))


def _package_name(names: list[str], mimetype: str) -> tuple[str, str]:
    for part, zh, en in (
        ("word/", "Word文档", "a Word document"),
        ("ppt/", "PowerPoint演示文稿", "a PowerPoint presentation"),
        ("xl/workbook.bin", "xlsb二进制工作簿", "an xlsb binary workbook"),
    ):
        if any(name.startswith(part) for name in names):
            return zh, en
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        return "OpenDocument文档（不是表格）", "an OpenDocument file that is no spreadsheet"
    return "ZIP压缩包", "a ZIP archive"


def is_lock_file(data: bytes) -> bool:
    """An Office owner file (~$name.xlsx): the user's name, padded, in one or two encodings."""
    return len(data) in (162, 165) and data[0] <= 54 and data[1 : 1 + data[0]].isascii()


def is_zip(data: bytes) -> bool:
    """A local file header, or the end record of an empty archive."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_biff(data: bytes) -> bool:
    """A compound file, or a bare BIFF stream as very old programs wrote it."""
    return data.startswith((SIGNATURE, b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05"))
