"""The WSGI entry point: no charset of a request breaks the answer."""

from __future__ import annotations

import io

import pytest
from django.test import RequestFactory

from project.wsgi import application

BODY = '--x\r\nContent-Disposition: form-data; name="collection"\r\n\r\n专网\r\n--x--\r\n'.encode()


@pytest.mark.parametrize("charset", ["base64", "undefined", "idna", "nonsense", "latin-1", "utf-8"])
def test_text_is_utf_8_whatever_charset_is_named(charset: str) -> None:
    environ = RequestFactory().post("/?form=专网").environ | {
        "CONTENT_TYPE": f"multipart/form-data; boundary=x; charset={charset}",
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.input": io.BytesIO(BODY),
    }
    request = application.request_class(environ)
    assert (request.GET["form"], request.POST["collection"]) == ("专网", "专网")
