"""One noun per module; import them from here."""

from national.models.change import Cause, Change
from national.models.figure import AreaType, Figure
from national.models.key import Key, KnownKey

__all__ = ["AreaType", "Cause", "Change", "Figure", "Key", "KnownKey"]
