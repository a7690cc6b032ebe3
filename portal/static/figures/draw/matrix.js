// Industries by units: a cell per pair, shaded by classes; empty where there is none.
"use strict";

Gongwang.draw.matrix = (data, { colours, format, classes, mark }) => {
  const units = data.columns.slice(2);
  const cells = data.rows.flatMap((row, line) => row.slice(2).map((value, at) => [at, line, value]));
  const letters = cells.map(([at, line, value]) => [at, line, value === null ? mark(data.rows[line], at + 2) : ""]).filter((cell) => /^[A-Z]$/.test(cell[2]));
  const steps = classes(cells.map((cell) => cell[2]));
  const pieces = steps.map((step) => ({
    gte: step.low, ...(step.last ? { lte: step.high } : { lt: step.high }), color: step.colour,
    label: `${format(step.low)}${step.last ? "–" : " – <"}${format(step.high)}`,
  }));
  const axis = { type: "category", axisTick: { show: false }, axisLine: { show: false }, splitArea: { show: false } };
  const title = ([at, line, value]) => `${data.rows[line][1]} · ${units[at].label}: ${format(value)}`;
  return {
    grid: { left: 20, right: 8, top: 8, bottom: 48, containLabel: true },
    tooltip: { trigger: "item", confine: true, transitionDuration: 0, padding: 8, formatter: ({ value }) => { const box = document.createElement("div"); box.className = "tip"; box.textContent = title(value); return box; } },
    xAxis: { ...axis, data: units.map((unit) => unit.label), position: "top", axisLabel: { rotate: 90, interval: 0, color: colours.ink, fontSize: 12 } },
    yAxis: { ...axis, data: data.rows.map((row) => row[1]), inverse: true, axisLabel: { interval: 0, width: 220, overflow: "truncate", color: colours.ink, fontSize: 12 } },
    visualMap: { type: "piecewise", seriesIndex: 0, pieces, orient: "horizontal", left: 0, bottom: 0, outOfRange: { color: "#ffffff" }, textStyle: { color: colours.ink, fontSize: 13 }, selectedMode: false },
    series: [{
      type: "heatmap", data: cells.filter((cell) => cell[2]), itemStyle: { borderColor: "#ffffff", borderWidth: 1 },
      emphasis: { itemStyle: { borderColor: colours.ink } },
    }, {
      type: "scatter", symbolSize: 12, itemStyle: { color: "transparent" }, data: letters,
      label: { show: true, formatter: ({ value }) => value[2], color: colours.quiet, fontSize: 11 },
    }],
  };
};
