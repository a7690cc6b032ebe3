"""The type of a file, recognised by its bytes; its name is never trusted."""

from __future__ import annotations

import re
from typing import NamedTuple

from validation.limits import MB, Limits
from validation.reading.compound import SIGNATURE
from validation.reading.refusals import damaged, encrypted, over_limit, unsupported
from validation.reading.xlsx_parts import workbook_part
from validation.reading.zipped import Package


class Kind(NamedTuple):
    """Beginning of a file and what it shows, in Chinese and English."""

    start: bytes
    zh: str
    en: str


class Pattern(NamedTuple):
    """What the beginning of a text, without its byte order mark and leading blanks, matches, and what it shows."""

    begins: re.Pattern[bytes]
    zh: str
    en: str


#: Room for the user's name in a lock file.
LOCK_NAME = 54
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
_HEADERS = rb"(?:[\w-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)"
#: Texts that are no delimited ones, the first that matches.
TEXTS = (
    Pattern(
        re.compile(rb"<\?xml.*?urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL),
        "Excel 2003 XML表格",
        "an Excel 2003 XML spreadsheet",
    ),
    Pattern(
        re.compile(rb"<.*?(?<=<)(?:!doctype\s+html|html|head|body|table|meta|script)[\s>]", re.I | re.DOTALL),
        "HTML网页",
        "an HTML page",
    ),
    Pattern(re.compile(rb"<\?xml"), "XML文件", "an XML file"),
    Pattern(
        re.compile(rb"(?=[\w-]+:)" + _HEADERS + rb"*?content-type:\s*multipart/related", re.I),
        "网页归档文件（MHTML）",
        "a web archive (MHTML)",
    ),
    Pattern(
        re.compile(
            rb"(?=(?:mime-version|received|return-path|from|date|message-id):)"
            + _HEADERS
            + rb"*?mime-version:",
            re.I,
        ),
        "电子邮件",
        "an e-mail message",
    ),
    Pattern(re.compile(rb"\{\s*(?:\"|\})|\[\s*(?:[\[{]\s*)?(?:\"|\]|\})"), "JSON数据", "JSON data"),
    Pattern(re.compile(rb"ID;P[^\r\n]*\r?\n(?:[A-Z]{1,2};[^\r\n]*(?:\r?\n|\Z))"), "SYLK文件", "a SYLK file"),
    Pattern(re.compile(rb"TABLE\r?\n0,1\r?\n"), "DIF文件", "a DIF file"),
)


_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
#: What an OpenDocument package says that it is as a whole.
_MEDIA_TYPE = re.compile(rb"""media-type=["'](application/vnd\.oasis\.opendocument[^"']*)""")


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
        # two letters may well begin a title; what is no text has zeros
        if data.startswith(kind.start) and (len(kind.start) > 2 or b"\x00" in data[:64]):
            raise unsupported(kind.zh, kind.en)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\x00" in head[:64]:  # UTF-16 without its zero bytes is enough to know a tag by
        head = head.replace(b"\x00", b"").lstrip(b"\xff\xfe").lstrip()
    for text in TEXTS:
        if text.begins.match(head):
            raise unsupported(text.zh, text.en)


def zip_kind(package: Package) -> str:
    """xlsx or ods; file.E002 for any other package."""
    if workbook_part(package) is not None:
        return "xlsx"
    names, manifest = package.names, package.read("META-INF/manifest.xml")
    mimetype = package.read("mimetype").decode("ascii", "replace").strip()
    if not mimetype and (declared := _MEDIA_TYPE.search(manifest)):
        mimetype = declared[1].decode("ascii", "replace")
    if mimetype.startswith(_SPREADSHEET):
        if b"encryption-data" in manifest:
            raise encrypted()
        return "ods"
    if any(name.startswith("xl/worksheets/") for name in names) and "xl/workbook.bin" not in names:
        raise damaged("缺少工作簿部件", "its workbook part is missing")
    raise unsupported(*_package_name(names, mimetype))


def _package_name(names: list[str], mimetype: str) -> tuple[str, str]:
    for part, zh, en in (
        ("word/", "Word文档", "a Word document"),
        ("ppt/", "PowerPoint演示文稿", "a PowerPoint presentation"),
        ("xl/workbook.bin", "xlsb二进制工作簿", "an xlsb binary workbook"),
        ("ofd.xml", "OFD版式文档", "an OFD document"),
        ("index/document.iwa", "Numbers表格", "a Numbers spreadsheet"),
    ):
        if any(name.startswith(part) for name in names):
            return zh, en
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        return "OpenDocument文档（不是表格）", "an OpenDocument file that is no spreadsheet"
    return "ZIP压缩包", "a ZIP archive"


def is_lock_file(data: bytes) -> bool:
    """An Office owner file (~$name.xlsx): the length of the user's name, the name in the code page of the system,
    padded, and the same in UTF-16."""
    if len(data) not in (162, 165) or data[0] > LOCK_NAME:
        return False
    rest = data[1 + data[0] : 1 + LOCK_NAME]
    return not rest.strip(b" \x00") and b"\x00" in data[1 + LOCK_NAME :]


def is_zip(data: bytes) -> bool:
    """A local file header, or the end record of an empty archive."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_compound(data: bytes) -> bool:
    """An OLE compound file: xls, et, or a package that is encrypted."""
    return data.startswith(SIGNATURE)


def is_biff(data: bytes) -> bool:
    """A bare BIFF stream as very old programs wrote it."""
    return data.startswith((b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05"))
