"""The door of the engine: `validate(data, form, context)`; nothing outside imports deeper than what is named here."""

from validation.casting.texts import unclassified
from validation.check_again import check_kept, check_nationally, national_codes
from validation.codelists import reporting_units
from validation.codelists.regions import city_of
from validation.conform import ConformError, FrameShapeError, conform, present_key, renamed
from validation.context import Context, Edit, no_progress
from validation.corrections import (
    Recheck,
    SheetColumns,
    frame_in,
    position_of,
    recheck,
    unread_in,
    with_edits,
)
from validation.engine import validate
from validation.findings import (
    FINDING_SCHEMA,
    SEVERITY_LABELS,
    Finding,
    RuleText,
    Severity,
    catalogue,
    from_row,
    severity_of,
)
from validation.form_schema import FormSchema, schema
from validation.forms import FORMS, Column, Companion, Form, Kind, Need, Role, companions
from validation.forms.national import GROWTH_SCHEMA
from validation.frame import empty_frame, form_version, frame_schema
from validation.hints import hint
from validation.layout.grid import TOP_ROWS
from validation.layout.mapping import closest_column, meaning, official_titles, title_key
from validation.limits import DEFAULT_LIMITS, Limits
from validation.periods import Period
from validation.raw import RefusedFileError, address
from validation.registry import install
from validation.result import Report, Result, finding_json
from validation.suggestions import Suggestion, choices, suggested
from validation.table import MappedColumn

__all__ = [
    "ConformError",
    "FormSchema",
    "FrameShapeError",
    "conform",
    "form_version",
    "present_key",
    "renamed",
    "schema",
    "GROWTH_SCHEMA",
    "check_kept",
    "check_nationally",
    "choices",
    "city_of",
    "hint",
    "Suggestion",
    "suggested",
    "national_codes",
    "Edit",
    "Recheck",
    "SheetColumns",
    "frame_in",
    "position_of",
    "recheck",
    "unclassified",
    "unread_in",
    "with_edits",
    "MappedColumn",
    "TOP_ROWS",
    "closest_column",
    "meaning",
    "official_titles",
    "title_key",
    "address",
    "no_progress",
    "DEFAULT_LIMITS",
    "FINDING_SCHEMA",
    "FORMS",
    "Column",
    "Companion",
    "companions",
    "Context",
    "Finding",
    "Form",
    "Kind",
    "Limits",
    "Need",
    "Period",
    "RefusedFileError",
    "Report",
    "Result",
    "Role",
    "RuleText",
    "SEVERITY_LABELS",
    "Severity",
    "catalogue",
    "empty_frame",
    "install",
    "finding_json",
    "frame_schema",
    "from_row",
    "reporting_units",
    "severity_of",
    "validate",
]
