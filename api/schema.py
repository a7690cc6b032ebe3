"""How the OpenAPI schema is made: every operation also lists the problems it may answer with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import permissions

from api.errors import ProblemRenderer
from api.problems import TITLES
from api.serializers.problem import ProblemSerializer
from submissions import demo_mode
from validation.workbooks.notice import said


def say_demo(result: dict[str, Any], **_hook: Any) -> dict[str, Any]:
    """Mark the schema's description as demo data in demo mode, like the header of every answer."""
    notice = demo_mode.notice()
    if notice:
        info = result["info"]
        info["title"] = f"{info['title']}（{said(notice)}）"
        info["description"] = f"**{said(notice)}** (`Gongwang-Demo: true`)\n\n{info['description']}"
        info["x-gongwang-demo"] = True
    return result


class ProblemAutoSchema(AutoSchema):
    """drf-spectacular's schema of an operation, with its problem documents.

    A view names further statuses per method in `problems`, e.g. 409 for a state that does not allow the call.
    """

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for status in sorted(set(self._statuses())):
            body = self._get_response_for_code(  # type: ignore[no-untyped-call]  # drf-spectacular's
                ProblemSerializer, str(status), [ProblemRenderer.media_type]
            )
            bodies.setdefault(str(status), {**body, "description": str(TITLES[status])})
        return bodies

    def _statuses(self) -> Iterator[int]:
        yield from (406, 429, 500)
        yield from getattr(self.view, "problems", {}).get(self.method, ())
        if not any(isinstance(rule, permissions.AllowAny) for rule in self.view.get_permissions()):
            yield from (401, 403)
        if "{" in self.path:
            yield 404
        if "{submission_id}" in self.path:
            yield 503  # its file may be damaged where it is stored
        if self.method == "POST":
            yield from (400, 415)
        elif self._get_parameters():
            yield 400
