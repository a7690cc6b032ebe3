"""Request bodies: uploads that announce too great a length are refused before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

from submissions.workflow.refusals import Refusal, RefusalError

MB = 1024 * 1024
#: boundaries and text fields around the files of a multipart body
ENVELOPE = MB
#: levels of lists and objects; no call asks for more than three
DEEPEST = 16


def _announced(context: Mapping[str, Any] | None) -> int:
    request = (context or {}).get("request")
    return int((request and request.META.get("CONTENT_LENGTH")) or 0)


class BoundedJSONParser(JSONParser):
    """JSON nested no deeper than DEEPEST. Its length is bounded by Django (DATA_UPLOAD_MAX_MEMORY_SIZE)."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:  # Python follows no deeper
            raise ParseError from error
        if _is_deeper(body, DEEPEST):
            raise ParseError
        return body


def _is_deeper(body: Any, levels: int) -> bool:
    """Return whether lists and objects are nested in more than `levels` levels."""
    level = [body]
    for _ in range(levels + 1):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


class UploadParser(MultiPartParser):
    """A form with one file."""

    files = 1

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.UPLOAD_LIMITS.file_bytes
        if _announced(parser_context) > self.files * limit + ENVELOPE:
            raise RefusalError(Refusal.FILE_TOO_LARGE, limit=limit // MB)
        return super().parse(stream, media_type, parser_context)


class ComparisonParser(UploadParser):
    """A form with a file and the two registers it may be compared with."""

    files = 3
