"""Charts: each is one table of figures that the page prints, the browser draws and everybody downloads."""

from national.charting.chart import Chart, Column
from national.charting.registry import CHARTS, Choice, chart_of

__all__ = ["CHARTS", "Chart", "Choice", "Column", "chart_of"]
