// Draws the charts of the public pages: each from the table that stands beside it, when it comes near the window.
"use strict";

(() => {
  const library = document.currentScript.dataset.library;
  const language = document.documentElement.lang || "zh-hans";
  const chinese = language.startsWith("zh");
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const shown = new Map();
  const NARROW = 600;
  const PRINTED = 680;
  const PICTURE = { width: 1200, tiles: { width: 660, height: 740 }, margin: 24, title: 64, foot: 48, line: 20 };
  const SMALL = "13px sans-serif";
  let loading = null;

  // the eight colours of Okabe and Ito can be told apart by everyone; lines differ by their dashes as well
  const colours = {
    ink: "#17202b", quiet: "#55606e", line: "#d5dbe3", ground: "#f4f6f9",
    blue: "#0072b2", orange: "#b34a00", green: "#00735a", purple: "#8e4a72", sky: "#56b4e9",
    steps: ["#e3eef9", "#b5d2ee", "#78aee0", "#2f7fc4", "#0a4f9e"],
  };

  const places = new Map();
  function inPlaces(value, count) {
    if (!places.has(count)) places.set(count, new Intl.NumberFormat(language, { minimumFractionDigits: count, maximumFractionDigits: count }));
    return places.get(count).format(value);
  }

  // with the places of its column; on an axis, which belongs to none, with those it needs
  const format = (value, column) => {
    if (value === null || value === undefined) return "—";
    if (typeof value === "string") return value;
    const text = column?.places === undefined ? numbers.format(value) : inPlaces(value, column.places);
    return column?.kind === "percent" ? `${text}${chinese ? "" : " "}%` : text;
  };

  // a tooltip as elements: markup in a string would bring styles that the content policy forbids
  function tip(data, row) {
    const box = document.createElement("div");
    box.className = "tip";
    const title = document.createElement("strong");
    const heading = data.columns.findIndex((column) => column.key === "name" || column.key === "time");
    title.textContent = data.quarters[row[heading]] ?? row[heading];
    box.append(title);
    const list = document.createElement("dl");
    data.columns.forEach((column, at) => {
      if (at === heading || column.kind === "code" || row[at] === null || String(row[at]).length > 60) return;
      const term = document.createElement("dt");
      const told = document.createElement("dd");
      term.textContent = column.label;
      told.textContent = format(data.said.get(row)?.[at] ?? row[at], column);
      list.append(term, told);
    });
    box.append(list);
    return box;
  }

  // a text in place of a number says why there is none: drawings find nothing there, tooltips tell the text
  function read(text) {
    const data = JSON.parse(text);
    const drawn = (row) => row.map((cell, at) => (typeof cell === "string" && data.columns[at].isNumber ? null : cell));
    const pairs = data.rows.map((row) => [drawn(row), row]);
    return { ...data, rows: pairs.map(([row]) => row), said: new Map(pairs) };
  }

  // at most five classes with about as many members each, on breaks that are told in the legend
  function classes(values) {
    const sorted = values.filter((value) => value !== null && value > 0).sort((a, b) => a - b);
    const breaks = [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.floor(share * sorted.length)]);
    const lows = [...new Set([sorted[0], ...breaks])].filter((low) => low !== undefined);
    const steps = colours.steps.slice(-lows.length);
    return lows.map((low, at) => ({
      low,
      high: at + 1 < lows.length ? lows[at + 1] : sorted[sorted.length - 1],
      last: at + 1 === lows.length,
      colour: steps[at],
      ink: at >= lows.length - 2 && lows.length > 2 ? "#ffffff" : colours.ink,
    }));
  }

  const tools = (data, width, top) => ({
    width, top, narrow: width < NARROW, colours, format, classes,
    tip: (row) => tip(data, row),
    mark: (row, at) => data.said.get(row)?.[at] ?? "—",
    at: (key) => data.columns.findIndex((column) => column.key === key),
    column: (key) => data.columns.find((column) => column.key === key),
    // long names are cut; the tooltip and the table have them whole
    names: { width: width < NARROW ? 104 : width < 900 ? 250 : 360, overflow: "truncate", color: colours.ink, fontSize: 13 },
  });

  // quotation marks would end the attribute in a saved picture that holds the name
  const family = () => getComputedStyle(document.body).fontFamily.replaceAll('"', "'");

  // `top` is what a saved picture keeps free for its title
  function option(data, width, top = 0) {
    const base = {
      animation: false,
      textStyle: { fontFamily: family(), fontSize: 13, color: colours.ink },
      tooltip: { trigger: "item", confine: true, renderMode: "html", transitionDuration: 0, padding: 8 },
    };
    return { ...base, ...Gongwang.draw[data.draw](data, tools(data, width, top)) };
  }

  function echarts() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  function put(figure) {
    if (shown.has(figure)) return;
    const plot = figure.querySelector(".plot");
    const data = read(figure.querySelector('script[type="application/json"]').textContent);
    const chart = window.echarts.init(plot, null, { renderer: "svg" });
    const draw = () => chart.setOption(option(data, chart.getWidth()), { notMerge: true });
    draw();
    shown.set(figure, { chart, data, draw });
    figure.dataset.drawn = "yes";
    figure.querySelector(".pictures").hidden = false;
    let width = plot.clientWidth;
    new ResizeObserver(() => {
      if (plot.clientWidth === width || !plot.clientWidth) return;
      width = plot.clientWidth;
      chart.resize();
      draw();
    }).observe(plot);
  }

  // without the library the tables still tell everything
  const openTable = (figure) => { figure.querySelector("details").open = true; };
  const near = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
      near.unobserve(target);
      echarts().then(() => put(target), () => openTable(target));
    });
  }, { rootMargin: "400px" });

  // how many lines a small text takes; a little narrower than the place there is, since lines break between words
  function linesOf(content, width) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = SMALL;
    return Math.ceil(pen.measureText(content).width / (0.94 * width));
  }

  function picture(figure, kind) {
    const { data, chart } = shown.get(figure);
    const box = document.createElement("div");
    const size = PICTURE[data.draw] ?? { width: PICTURE.width, height: chart.getHeight() };
    const width = size.width;
    // what the figures leave out, and below it the source
    const below = [data.facts.source_note, figure.dataset.source].filter(Boolean).map((content) => [content, linesOf(content, width - 2 * PICTURE.margin)]);
    const lines = below.reduce((sum, [, count]) => sum + count, 0);
    const foot = PICTURE.foot + PICTURE.line * (lines - 1);
    const height = size.height + PICTURE.title + foot;
    box.className = "picture";
    document.body.append(box);
    const drawn = window.echarts.init(box, null, { renderer: "svg", width, height });
    const told = option(data, width, PICTURE.title);
    const text = (content, style) => ({ text: content, width: width - 2 * PICTURE.margin, overflow: "truncate", ...style });
    let under = lines;
    const texts = [
      { type: "text", left: PICTURE.margin, top: 16, style: text(data.title, { font: "600 20px sans-serif", fill: colours.ink }) },
      ...below.map(([content, count]) => {
        under -= count;
        const style = text(content, { font: SMALL, fill: colours.quiet, overflow: "break", lineHeight: PICTURE.line });
        return { type: "text", left: PICTURE.margin, bottom: 16 + PICTURE.line * under, style };
      }),
    ];
    const frame = (part) => ({ ...part, top: (part.top ?? 0) + PICTURE.title, bottom: (part.bottom ?? 0) + foot });
    // what stands at the foot of a chart stands above these lines
    const raised = (part) => ({ ...part, left: PICTURE.margin, bottom: part.bottom + foot });
    drawn.setOption({
      ...told, backgroundColor: "#ffffff",
      grid: [told.grid ?? {}].flat().map(frame),
      ...(told.legend ? { legend: { ...told.legend, left: PICTURE.margin, top: (told.legend.top ?? 0) + PICTURE.title } } : {}),
      ...(told.visualMap ? { visualMap: raised(told.visualMap) } : {}),
      graphic: [...(told.graphic ?? []), ...texts],
    });
    const address = drawn.getDataURL({ type: "svg" });
    drawn.dispose();
    box.remove();
    return kind === "svg" ? Promise.resolve(blobOf(address)) : raster(address, width, height);
  }

  const blobOf = (address) => new Blob([decodeURIComponent(address.slice(address.indexOf(",") + 1))], { type: "image/svg+xml" });

  function raster(address, width, height) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [2 * width, 2 * height];
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(resolve, "image/png");
      };
      image.onerror = reject;
      image.src = address;
    });
  }

  async function save(button) {
    const figure = button.closest("figure");
    const kind = button.dataset.picture;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await picture(figure, kind));
    link.download = `gongwang-${figure.dataset.chart}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (button) save(button);
  });

  addEventListener("beforeprint", () => {
    if (!window.echarts) return;
    document.querySelectorAll("figure.chart:has(.plot)").forEach((figure) => put(figure));
    shown.forEach(({ chart, draw }) => { chart.resize({ width: PRINTED }); draw(); });
  });
  addEventListener("afterprint", () => shown.forEach(({ chart, draw }) => { chart.resize({ width: "auto" }); draw(); }));

  window.Gongwang = { draw: {} };
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("figure.chart:has(.plot)").forEach((figure) => near.observe(figure));
    document.querySelectorAll("select[data-submits]").forEach((select) => {
      select.form.classList.add("self");
      select.addEventListener("change", () => select.form.requestSubmit());
    });
  });
})();
