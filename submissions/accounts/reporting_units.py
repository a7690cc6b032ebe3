"""Loading the reporting units from the engine's code list, so that nobody types them."""

from __future__ import annotations

from submissions.models import Unit
from validation import reporting_units


def load_units() -> int:
    """Bring the table up to the code list and return the number of units. Safe to repeat."""
    units = [
        Unit(
            code=unit.code,
            name_zh=unit.name_zh,
            name_en=unit.name_en,
            kind=unit.kind,
            province=unit.parent or unit.code,
        )
        for unit in reporting_units().values()
    ]
    Unit.objects.bulk_create(
        units,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "kind", "province"],
    )
    return len(units)
