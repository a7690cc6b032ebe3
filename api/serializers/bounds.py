"""Bounds of incoming numbers: anything beyond them cannot be stored and is refused."""

from __future__ import annotations

#: of a column of 32 bits, as those that hold rows of spreadsheets
LARGEST_ROW = 2**31 - 1
#: of a column of 64 bits, as those that hold the ids of findings
LARGEST_ID = 2**63 - 1
#: of releases, which count 1, 2, 3 …
LARGEST_RELEASE = 2**31 - 1
