"""Disclosure control: which cells of tables may be published without revealing one enterprise's figures. Pure, no Django."""

from national.disclosure.solver.attack import AttackError, Reach, attack, recovered
from national.disclosure.solver.primary_rules import Contributors, Rules, need_of_amount, need_of_count
from national.disclosure.solver.suppression import Protection, UnprotectedError, protect
from national.disclosure.solver.table_builder import (
    Area,
    Built,
    Cell,
    Link,
    Measure,
    Outcome,
    Shape,
    build,
    build_linked,
)
from national.disclosure.solver.tables import Interval, Pattern, Tables, TablesBuilder
from national.disclosure.solver.unlisted_cells import needs_of_wholes

__all__ = [
    "Area",
    "AttackError",
    "Built",
    "Cell",
    "Contributors",
    "Outcome",
    "Interval",
    "Link",
    "Measure",
    "Pattern",
    "Protection",
    "Reach",
    "Rules",
    "Tables",
    "Shape",
    "TablesBuilder",
    "UnprotectedError",
    "attack",
    "build",
    "build_linked",
    "need_of_amount",
    "need_of_count",
    "needs_of_wholes",
    "protect",
    "recovered",
]
