// Steps as bars on the whole they are a part of.
"use strict";

Gongwang.draw.funnel = (data, { at, column, colours, format, narrow, tip }) => {
  const rows = data.rows;
  const told = (row) => `{b|${row[at("name")]}}\n${format(row[at("value")])} · ${format(row[at("share")], column("share"))}`;
  return {
    grid: { left: 8, right: 8, top: 24, bottom: 0 },
    tooltip: { trigger: "axis", axisPointer: { type: "none" }, confine: true, transitionDuration: 0, padding: 8, formatter: (points) => tip(rows[points[0].dataIndex]) },
    xAxis: { type: "value", min: 0, max: 100, show: false },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row[at("name")]), show: false },
    series: [{
      type: "bar", barWidth: narrow ? 14 : 18, showBackground: true, backgroundStyle: { color: "#e3eef9" },
      data: rows.map((row, number) => ({
        value: row[at("share")], itemStyle: { color: [colours.quiet, colours.blue, colours.green][number] },
        label: { formatter: told(row) },
      })),
      label: {
        show: true, position: [0, -40], align: "left", color: colours.ink, fontSize: 14, lineHeight: 19,
        rich: { b: { fontWeight: 600, fontSize: 14, lineHeight: 19 } },
      },
    }],
  };
};
