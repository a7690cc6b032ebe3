"""Bodies of requests: refused by their announced length before anything of them is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import JSONParser, MultiPartParser

from submissions.refusals import RefusalError

MB = 1024 * 1024
#: boundaries and text fields around the files of a multipart body
ENVELOPE = MB


def _announced(context: Mapping[str, Any] | None) -> int:
    request = (context or {}).get("request")
    return int((request and request.META.get("CONTENT_LENGTH")) or 0)


class BoundedJSONParser(JSONParser):
    """JSON no longer than Django reads into memory of any body."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        if _announced(parser_context) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        return super().parse(stream, media_type, parser_context)


class UploadParser(MultiPartParser):
    """A form with one file."""

    files = 1

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.UPLOAD_LIMITS.file_bytes
        if _announced(parser_context) > self.files * limit + ENVELOPE:
            raise RefusalError("file-too-large", limit=limit // MB)
        return super().parse(stream, media_type, parser_context)


class ComparisonParser(UploadParser):
    """A form with a file and the two registers it may be compared with."""

    files = 3
