"""Paging: `page` and `limit` everywhere; lists are cut, counts never are."""

from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Pages of 100 by default, 1 000 at most, with the exact count of all."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1_000


class FigurePages(Pages):
    """Figures are many and small."""

    page_size = 1_000
    max_page_size = 10_000
