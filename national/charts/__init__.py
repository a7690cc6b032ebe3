"""Charts: each is one table of figures that the page prints, the browser draws and everybody downloads."""

from national.charts.chart import Chart, Column
from national.charts.grid import Choice
from national.charts.registry import CHARTS, chart_of

__all__ = ["CHARTS", "Chart", "Choice", "Column", "chart_of"]
