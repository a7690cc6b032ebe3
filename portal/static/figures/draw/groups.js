// How many of each whole are covered: a filled bar on a light one.
"use strict";

Gongwang.draw.groups = (data, { at, column, colours, names, tip }) => {
  const rows = data.rows;
  const { label, value, whole } = data.facts;
  const told = (row) => `${row[at(value)]} / ${row[at(whole)]}`;
  return {
    grid: { left: 8, right: 64, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: colours.ink } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, transitionDuration: 0, padding: 8, formatter: (points) => tip(rows[points[0].dataIndex]) },
    xAxis: { type: "value", min: 0, show: false },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row[at(label)]), axisLabel: { ...names, interval: 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.quiet } } },
    series: [
      {
        type: "bar", name: column(whole).label, barMaxWidth: 18, color: "#c9d9ea",
        data: rows.map((row) => ({ value: row[at(whole)], label: { formatter: told(row) } })),
        label: { show: true, position: "right", color: colours.ink, fontSize: 13 },
      },
      { type: "bar", name: column(value).label, barMaxWidth: 18, barGap: "-100%", color: colours.blue, data: rows.map((row) => row[at(value)]) },
    ],
  };
};
