"""Which spellings come nearest to a text: by the characters they share, of which rare ones count more than common ones."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from validation.codelists.fold import fold

_BETWEEN = re.compile(r"[、,;()/]+")


class Nearest:
    """Keys with their spellings; likeness is the cosine of the characters and pairs of characters of two texts."""

    def __init__(self, spellings: Mapping[str, Sequence[str]]) -> None:
        parts = [(key, _parts(text)) for key, texts in spellings.items() for text in texts]
        held = Counter(part for _, own in parts for part in own)
        self._weights = {part: math.log(1 + len(parts) / count) ** 2 for part, count in held.items()}
        #: what no spelling holds counts as much as what one holds
        self._unknown = max(self._weights.values(), default=1.0)
        self._parts = [(key, own, self._size(own)) for key, own in parts]

    def _size(self, parts: frozenset[str]) -> float:
        return math.sqrt(sum(self._weights.get(part, self._unknown) for part in parts))

    def keys(self, text: str, most: int, least: float = 0.0) -> list[str]:
        """At most so many keys that are alike by more than `least` (0 to 1), the nearest first."""
        own = _parts(text)
        size = self._size(own) or 1.0
        best: dict[str, float] = {}
        for key, parts, length in self._parts:
            shared = sum(self._weights[part] for part in own & parts)
            best[key] = max(best.get(key, 0.0), shared / (size * (length or 1.0)))
        ranked = sorted((key for key in best if best[key] > least), key=lambda key: -best[key])
        return ranked[:most]


def _parts(text: str) -> frozenset[str]:
    """The characters of a folded text, and its pairs of neighbours; signs between words do not part them."""
    folded = _BETWEEN.sub("", fold(text))
    return frozenset(folded) | frozenset(folded[at : at + 2] for at in range(len(folded) - 1))
