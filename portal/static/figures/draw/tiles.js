// The country as tiles: every province one square about where it lies, shaded by five classes.
"use strict";

Gongwang.draw.tiles = (data, { colours, width, top: offset, format, classes, mark, tip }) => {
  const COLUMNS = 7;
  const ROWS = 8;
  const GAP = 4;
  const size = Math.min(72, Math.floor((width - 8) / COLUMNS) - GAP);
  const left = Math.max(4, Math.floor((Math.min(width, 620) - COLUMNS * (size + GAP)) / 2));
  const place = (row, column) => ({ x: left + column * (size + GAP), y: offset + 4 + row * (size + GAP), width: size, height: size });
  const measured = data.columns[2];
  const steps = classes(data.rows.map((row) => row[2]));
  const stepOf = (value) => (value ? steps.findLast((step) => value >= step.low) : null);
  const small = size < 56;
  const short = (value) => (value >= 100000 ? `${format(Math.round(value / 1000))}k` : format(Math.round(value)));
  const items = data.rows.map((row) => ({ row, tile: data.facts.tiles[row[0]], value: row[2] }));
  // where no returns are sent `brief` stands in place of the number, as far as it fits
  const tile = ({ row, tile: [at, column, name, code, brief], value }) => {
    const step = stepOf(value);
    const shape = place(at, column);
    const fill = step ? step.colour : "#ffffff";
    const ink = step ? step.ink : colours.quiet;
    const outside = mark(row, 2).length > 1;
    const said = outside ? (small && brief.length > 7 ? "" : brief) : value === null ? mark(row, 2) : short(value);
    const text = (content, y, font) => ({
      type: "text", silent: true,
      style: { text: content, x: shape.x + size / 2, y: shape.y + y, align: "center", verticalAlign: "middle", fill: ink, font, width: size - 4, overflow: content.includes(" ") ? "break" : "none", lineHeight: 13 },
    });
    const family = "sans-serif";
    return {
      type: "group",
      children: [
        { type: "rect", shape: { ...shape, r: 3 }, style: { fill, stroke: "#8b97a5", lineWidth: 1, lineDash: outside ? [4, 3] : null } },
        text(small ? code : name, size * 0.34, `${name.length > 9 && !small ? 500 : 600} ${small || name.length > 7 ? (name.length > 8 && !small ? 11 : 12) : 13}px ${family}`),
        text(said, size * 0.74, `${outside ? 10 : small ? 11 : 13}px ${family}`),
      ],
    };
  };
  const top = offset + 4 + ROWS * (size + GAP) + 12;
  const box = 14;
  const per = small ? 2 : 3;
  const legend = [
    ...steps.map((step) => [step.colour, `${format(step.low)}${step.last ? "–" : " – <"}${format(step.high)}`]),
    ["#ffffff", data.facts.none_label],
    ...(data.facts.withheld_label ? [["#ffffff", data.facts.withheld_label]] : []),
  ];
  const cell = Math.floor((COLUMNS * (size + GAP)) / per);
  return {
    tooltip: { trigger: "item", confine: true, transitionDuration: 0, padding: 8, formatter: ({ dataIndex }) => tip(items[dataIndex].row) },
    xAxis: { show: false, min: 0, max: 1 },
    yAxis: { show: false, min: 0, max: 1 },
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    series: [{ type: "custom", name: measured.label, data: items.map((_item, number) => [0, 0, number]), renderItem: (params) => tile(items[params.dataIndex]) }],
    graphic: legend.flatMap(([colour, label], number) => {
      const x = left + (number % per) * cell;
      const y = top + Math.floor(number / per) * 22;
      return [
        { type: "rect", shape: { x, y, width: box, height: box }, style: { fill: colour, stroke: "#8b97a5" }, silent: true },
        { type: "text", style: { text: label, x: x + box + 6, y: y + box / 2, verticalAlign: "middle", fill: colours.ink, font: "13px sans-serif" }, silent: true },
      ];
    }),
  };
};
