"""Paging: `page` and `limit` everywhere; lists are cut, counts never are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from api.problems import UNKNOWN_FILTER, AnyProblemError

Row = TypeVar("Row")

#: what `page` and `limit` may be
NUMBER = re.compile(r"0{0,9}[1-9][0-9]{0,8}")


class Pages(PageNumberPagination):
    """Pages of 100 by default, 1 000 at most, with the exact count of all."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1_000

    def paginate_queryset(
        self, queryset: QuerySet[Any, Row] | Sequence[Row], request: Request, view: APIView | None = None
    ) -> list[Row] | None:
        """Return the page's rows. Raises AnyProblemError "unknown-filter" when `page` or `limit` is no number."""
        _require_number(request, self.page_query_param, *self.last_page_strings)
        _require_number(request, self.page_size_query_param)
        return super().paginate_queryset(queryset, request, view)


def _require_number(request: Request, name: str, *words: str) -> None:
    value = request.query_params.get(name)
    if value is None or value in words or NUMBER.fullmatch(value):
        return
    sentence = _("“%(value)s” is not a value of %(name)s. Allowed: %(allowed)s.")
    allowed = ", ".join(["1, 2, 3 …", *words])
    detail = sentence % {"value": value, "name": name, "allowed": allowed}
    raise AnyProblemError(UNKNOWN_FILTER, [{"field": name, "code": "unknown", "detail": detail}])


class FigurePages(Pages):
    """Larger pages, because figures are many and small."""

    page_size = 1_000
    max_page_size = 10_000

    def paginate_queryset(
        self, queryset: QuerySet[Any, Row] | Sequence[Row], request: Request, view: APIView | None = None
    ) -> list[Row] | None:
        """Return the page's rows; when all rows fit into the first page, no separate count is queried."""
        size = self.get_page_size(request)
        if size and request.query_params.get(self.page_query_param, "1") == "1":
            rows = list(queryset[: size + 1])
            if len(rows) <= size:
                return super().paginate_queryset(rows, request, view)
        return super().paginate_queryset(queryset, request, view)
