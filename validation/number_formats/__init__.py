"""Number formats of cells: what a spreadsheet program shows of a number, a date or a text under each of them."""

from validation.number_formats.built_in import BUILT_IN
from validation.number_formats.figures import DIGITS, figure, has_own_sign, power, section_of
from validation.number_formats.kinds import is_bare, is_percent, tells, text_around
from validation.number_formats.moments import clock, date_parts, is_full_day, moment
from validation.number_formats.parts import LONGEST, Section, Shows, sections

__all__ = [
    "BUILT_IN",
    "DIGITS",
    "LONGEST",
    "Section",
    "Shows",
    "clock",
    "date_parts",
    "figure",
    "has_own_sign",
    "is_bare",
    "is_full_day",
    "is_percent",
    "moment",
    "power",
    "section_of",
    "sections",
    "tells",
    "text_around",
]
