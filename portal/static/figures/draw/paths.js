// A target from base to goal: observed values, both paths, the projection with its band, and what was published.
"use strict";

// the dashes of each line, as the legend shows them
const ICONS = {
  actual: "path://M0 0h24v5H0z", linear: "path://M0 0h9v4H0zM15 0h9v4h-9z", compound: "path://M0 0h4v4H0zM10 0h4v4h-4zM20 0h4v4h-4z",
  projected: "path://M0 0h24v3H0z", projected_rate: "path://M0 0h6v3H0zM9 0h6v3H9zM18 0h6v3h-6z", published: "diamond",
};

Gongwang.draw.paths = (data, { at, column, colours, narrow, format, tip }) => {
  const times = data.rows.map((row) => row[0]);
  const values = (key) => data.rows.map((row) => row[at(key)]);
  const yearly = !String(times[0]).includes("Q");
  const name = (key) => column(key).label;
  const line = (key, colour, style, more = {}) => ({
    type: "line", name: name(key), data: values(key), symbol: "none", showSymbol: false, connectNulls: false, silent: true,
    color: colour, lineStyle: { color: colour, ...style }, ...more,
  });
  // the band starts at the last observation of the trend, so that it opens from the figure
  const first = values("low").findIndex((value) => value !== null);
  const from = (key) => values(key).map((value, row) => (row === first - 1 ? values("actual")[row] : value));
  const band = (key, low, high, colour) => {
    const lows = from(low);
    const highs = from(high);
    const part = { type: "line", name: name(key), stack: key, symbol: "none", silent: true, lineStyle: { opacity: 0 }, color: colour, tooltip: { show: false } };
    return [
      { ...part, data: lows },
      { ...part, data: highs.map((value, row) => (value === null ? null : value - lows[row])), areaStyle: { color: colour, opacity: 0.16 } },
    ];
  };
  const projected = (key, low, high, colour, dash) => [
    line(key, colour, { width: 2, type: dash }, { data: from(key) }),
    ...band(key, low, high, colour),
  ];
  // a quarter with too few units stands alone: a line down to it would look like a fall
  const partial = (row) => data.facts.partial.includes(times[row]);
  // the newest figure alone has a label: two would stand in each other's way; it keeps clear of both axes: above it where it stands low, to its right where it stands first
  const low = (value) => value < 0.2 * data.facts.goal;
  const early = (row) => row < times.length / 8;
  const told = (row, value, more = "") => ({
    show: true, position: early(row) ? "right" : low(value) ? "top" : "bottom", distance: 8, align: early(row) ? "left" : "center",
    ...(early(row) && low(value) ? { verticalAlign: "bottom" } : {}),
    fontWeight: 600, fontSize: 14, lineHeight: 20, color: colours.blue, textBorderColor: "#ffffff", textBorderWidth: 3,
    formatter: [format(value, column("actual")), more].filter(Boolean).join("\n"),
  });
  const last = values("actual").reduce((found, value, row) => (value === null ? found : row), -1);
  const has = (key) => values(key).some((value) => value !== null);
  const legend = ["actual", "linear", "compound", ...(first < 0 ? [] : ["projected", "projected_rate"]), ...(has("published") ? ["published"] : [])];
  const published = values("published");
  return {
    grid: { left: 8, right: narrow ? 16 : 28, top: narrow ? 36 + 24 * legend.length : 72, bottom: 8, containLabel: true },
    legend: {
      top: 0, left: 0, itemGap: narrow ? 8 : 16, orient: narrow ? "vertical" : "horizontal", itemHeight: 10,
      data: legend.map((key) => ({ name: name(key), icon: ICONS[key] })), selected: { [name("projected_rate")]: false }, textStyle: { color: colours.ink, fontSize: 13 },
    },
    tooltip: {
      trigger: "axis", confine: true, renderMode: "html", transitionDuration: 0, padding: 8,
      formatter: (points) => tip(data.rows[points[0].dataIndex]),
    },
    // a quarter stands for its last day: a year begins where the last quarter of the one before stands, and is named in
    // its middle
    xAxis: {
      type: "category", data: times, boundaryGap: false, axisLine: { lineStyle: { color: colours.quiet } },
      axisTick: { show: !yearly, interval: (_at, label) => label.endsWith("Q4"), length: 6, lineStyle: { color: colours.quiet } },
      axisLabel: {
        color: colours.ink, hideOverlap: true,
        interval: (_at, label) => yearly || label.endsWith("Q2"),
        formatter: (label) => label.slice(0, 4),
      },
    },
    yAxis: {
      type: "value", min: 0, axisLabel: { color: colours.quiet, formatter: (value) => format(value) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      ...projected("projected_rate", "low_rate", "high_rate", colours.purple, [2, 3]),
      ...projected("projected", "low", "high", colours.orange, "solid"),
      line("linear", colours.quiet, { width: 2, type: [8, 4] }, {
        markLine: {
          silent: true, symbol: "none", lineStyle: { color: colours.green, type: "solid", width: 1.5 },
          label: { position: "insideStartTop", formatter: data.facts.goal_label, color: colours.green, fontSize: 13 },
          data: [{ yAxis: data.facts.goal }],
        },
      }),
      line("compound", colours.green, { width: 2, type: [2, 3] }),
      {
        type: "scatter", name: name("published"), data: published, symbol: "diamond", symbolSize: 11, color: "#ffffff",
        itemStyle: { color: "#ffffff", borderColor: colours.ink, borderWidth: 1.5 }, z: 4,
      },
      line("actual", colours.blue, { width: 3.5 }, {
        showSymbol: true, symbol: "circle", symbolSize: 8, z: 5,
        data: values("actual").map((value, row) => (partial(row) ? null : row === last ? { value, label: told(row, value) } : value)),
      }),
      {
        type: "scatter", name: name("actual"), silent: true, symbol: "circle", symbolSize: 10, z: 5, color: colours.blue,
        itemStyle: { color: "#ffffff", borderColor: colours.blue, borderWidth: 2 },
        data: values("actual").map((value, row) => (partial(row) ? (row === last ? { value, label: told(row, value, data.facts.partial_label) } : value) : null)),
      },
    ],
  };
};
