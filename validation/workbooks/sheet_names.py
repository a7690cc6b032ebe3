"""Names of the sheets that are ours in a workbook given back: a later upload holds no data in them."""

from __future__ import annotations

FINDINGS_SHEET = "校验结果 Findings"
