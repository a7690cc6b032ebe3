// One number per row as a bar, the largest first; a mark beside it where there is something to compare with.
"use strict";

Gongwang.draw.bars = (data, { at, column, colours, format, mark, names, narrow, tip }) => {
  const { label, value, marker } = data.facts;
  const rows = data.rows;
  const unit = column(value);
  const share = at("share");
  const told = (row) => (row[at(value)] === null ? mark(row, at(value)) : format(row[at(value)], unit)) + (narrow || marker || share < 0 || row[share] === null ? "" : `  ${format(row[share], column("share"))}`);
  const series = [{
    type: "bar", name: unit.label, barMaxWidth: 22, color: colours.blue,
    // without a bar there is no label: where there is no number, the letter stands at the foot of none
    data: rows.map((row) => ({ value: row[at(value)] ?? 0, label: { formatter: told(row) } })),
    label: { show: !marker, position: "right", color: colours.ink, fontSize: 13 },
  }];
  if (marker) {
    series.push({
      type: "scatter", name: column(marker).label, symbol: "rect", symbolSize: [4, 18], color: colours.orange,
      data: rows.map((row) => ({ value: row[at(marker)], label: { formatter: `${format(row[at(value)])} / ${format(row[at(marker)])}` } })),
      label: { show: true, position: "right", color: colours.ink, fontSize: 13, textBorderColor: "#ffffff", textBorderWidth: 2 },
    });
  }
  return {
    grid: { left: 8, right: marker ? 96 : narrow ? 64 : 120, top: marker ? (narrow ? 60 : 40) : 8, bottom: 8, containLabel: true },
    ...(marker ? { legend: { top: 0, left: 0, orient: narrow ? "vertical" : "horizontal", textStyle: { color: colours.ink } } } : {}),
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, transitionDuration: 0, padding: 8, formatter: (points) => tip(rows[points[0].dataIndex]) },
    xAxis: { type: "value", min: 0, splitNumber: narrow ? 3 : 5, axisLabel: { show: Boolean(marker), color: colours.quiet, hideOverlap: true, formatter: (number) => format(number) }, splitLine: { show: Boolean(marker), lineStyle: { color: colours.line } } },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row[at(label)]), axisLabel: { ...names, interval: 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.quiet } } },
    series,
  };
};
