// How charts look: few colours, no movement, whole numbers; drawn by Chart.js, which stands before us in the script.

export const INK = "#1f2933";
export const COLOURS = { main: "#1d5b8f", second: "#4f8f92", line: "#b45309", rest: "#8a97a5", grid: "#e4e8ed", quiet: "#52606d" };
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif';

/** The whole number at the end of each bar; Chart.js itself has none. */
const totals = {
  id: "totals",
  afterDatasetsDraw(chart, _, { of }) {
    if (!of) return;
    const { ctx } = chart;
    ctx.save();
    ctx.font = `600 12px ${FONT}`;
    ctx.fillStyle = INK;
    ctx.textBaseline = "middle";
    of.forEach((total, index) => {
      const ends = chart.data.datasets.map((_, number) => chart.getDatasetMeta(number).data[index].x);
      ctx.fillText(total, Math.max(...ends) + 6, chart.getDatasetMeta(0).data[index].y);
    });
    ctx.restore();
  },
};

const white = {
  id: "white",
  beforeDraw({ ctx, width, height }) {
    ctx.save();
    ctx.fillStyle = "#fff";
    ctx.fillRect(0, 0, width, height);
    ctx.restore();
  },
};

function axis(isCount) {
  return {
    beginAtZero: true,
    border: { display: !isCount, color: COLOURS.rest },
    grid: { display: isCount, color: COLOURS.grid },
    ticks: { color: isCount ? COLOURS.quiet : INK, font: { family: FONT, size: 12 }, ...(isCount && { precision: 0, maxTicksLimit: 6 }), autoSkip: isCount },
  };
}

function common(open) {
  return {
    animation: false,
    maintainAspectRatio: false,
    devicePixelRatio: Math.max(2, window.devicePixelRatio),
    font: { family: FONT },
    onClick: (_, elements) => elements.length && open(elements[0].index, elements[0].datasetIndex),
    onHover: (event, elements) => { event.native.target.style.cursor = elements.length ? "pointer" : "default"; },
  };
}

function legend() {
  const inOrder = (one, next) => one.datasetIndex - next.datasetIndex;
  return { position: "top", align: "start", labels: { color: INK, font: { family: FONT, size: 12 }, boxWidth: 12, boxHeight: 12, sort: inOrder } };
}

export function drawTrend(canvas, labels, { received, closed, open }, names, opened) {
  const bar = (label, data, colour) => ({ label, data, backgroundColor: colour, borderRadius: 2, maxBarThickness: 22, categoryPercentage: 0.7, order: 1 });
  const line = { type: "line", label: names[2], data: open, borderColor: COLOURS.line, backgroundColor: COLOURS.line, borderWidth: 2, pointRadius: 3, pointStyle: "rectRot", order: 0 };
  const months = { ...axis(false), grid: { display: false } };
  Object.assign(months.ticks, { autoSkip: true, maxRotation: 0 });
  return new globalThis.Chart(canvas, {
    type: "bar",
    data: { labels, datasets: [bar(names[0], received, COLOURS.main), bar(names[1], closed, COLOURS.second), line] },
    options: { ...common(opened), interaction: { mode: "nearest", intersect: true }, scales: { x: months, y: axis(true) }, plugins: { legend: legend() } },
    plugins: [white],
  });
}

/** Bars that lie: what succeeded, and the rest of what was received. */
export function drawParts(canvas, labels, { succeeded, rest }, names, opened) {
  const bar = (label, data, colour) => ({ label, data, backgroundColor: colour, stack: "all", borderRadius: 2, maxBarThickness: 18 });
  const of = succeeded.map((number, index) => number + rest[index]);
  return new globalThis.Chart(canvas, {
    type: "bar",
    data: { labels, datasets: [bar(names[0], succeeded, COLOURS.main), bar(names[1], rest, COLOURS.rest)] },
    options: {
      ...common(opened),
      indexAxis: "y",
      layout: { padding: { right: 28 } },
      scales: { x: { ...axis(true), stacked: true }, y: { ...axis(false), stacked: true } },
      plugins: { legend: legend(), totals: { of } },
    },
    plugins: [white, totals],
  });
}

/** The chart with its title as one picture. */
export function pictureOf(chart, title, subtitle) {
  const ratio = chart.currentDevicePixelRatio;
  const head = 64 * ratio;
  const picture = document.createElement("canvas");
  picture.width = chart.canvas.width;
  picture.height = chart.canvas.height + head;
  const ctx = picture.getContext("2d");
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.fillStyle = INK;
  ctx.font = `600 ${17 * ratio}px ${FONT}`;
  ctx.fillText(title, 12 * ratio, 28 * ratio);
  ctx.fillStyle = COLOURS.quiet;
  ctx.font = `${13 * ratio}px ${FONT}`;
  ctx.fillText(subtitle, 12 * ratio, 50 * ratio);
  ctx.drawImage(chart.canvas, 0, head);
  return new Promise((done) => { picture.toBlob(done, "image/png"); });
}
