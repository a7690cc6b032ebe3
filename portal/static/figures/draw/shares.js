// Two shares of the same whole per row, as dots on a line from 0 to 100 %.
"use strict";

Gongwang.draw.shares = (data, { at, colours, format, names, narrow, tip }) => {
  // without a figure there is nothing to draw; the table lists them
  const rows = data.rows.filter((row) => data.facts.values.some((key) => row[at(key)] !== null));
  const [first, second] = data.facts.values.map(at);
  const dots = (index, colour, symbol) => ({
    type: "scatter", name: data.columns[index].label, symbol, symbolSize: 12, color: colour, z: 3,
    data: rows.map((row) => row[index]),
  });
  const ends = rows.map((row) => [row[first], row[second]].filter((value) => value !== null));
  const span = { type: "bar", stack: "span", barWidth: 3, silent: true };
  return {
    grid: { left: 8, right: 24, top: narrow ? 60 : 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, orient: narrow ? "vertical" : "horizontal", data: [data.columns[first].label, data.columns[second].label], textStyle: { color: colours.ink } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, transitionDuration: 0, padding: 8, formatter: (points) => tip(rows[points[0].dataIndex]) },
    xAxis: { type: "value", min: 0, max: 100, position: "top", axisLabel: { color: colours.quiet, formatter: (value) => format(value, { kind: "percent" }) }, splitLine: { lineStyle: { color: colours.line } } },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row[at(data.facts.label)]), axisLabel: { ...names, interval: 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.quiet } } },
    series: [
      { ...span, color: "transparent", data: ends.map((pair) => (pair.length === 2 ? Math.min(...pair) : null)) },
      { ...span, color: "#b9c2cd", data: ends.map((pair) => (pair.length === 2 ? Math.max(...pair) - Math.min(...pair) : null)) },
      dots(first, colours.blue, "circle"),
      dots(second, colours.green, "diamond"),
    ],
  };
};
