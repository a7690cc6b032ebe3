"""One noun per module; import them from here."""

from national.models.figure import AreaType, Figure

__all__ = ["AreaType", "Figure"]
