// The charts, each with the table that says the same: for readers by ear, by keyboard, and for spreadsheets.

import { byId, el, saveAs } from "./dom.js";
import { openCases, opening } from "./cases.js";
import { drawParts, drawTrend, pictureOf } from "./drawing.js";
import { labelOf, placeName } from "./labels.js";
import { monthName } from "./period.js";
import { language, say } from "./texts.js";

const MOST = 15;
let drawn = [];

export function drawCharts(model, subtitle) {
  clearCharts();
  const boxes = [trend(model), ...["category", "method", "place"].map((dimension) => parts(model, dimension))];
  const shown = boxes.filter((box) => box.rows.length);
  byId("charts").replaceChildren(...shown.map((box) => frame(box, subtitle)));
  drawn = shown.map((box) => {
    const chart = box.draw(byId(`canvas-${box.id}`));
    box.chart = chart;
    return chart;
  });
}

export function clearCharts() {
  for (const chart of drawn) chart.destroy();
  drawn = [];
  byId("charts").replaceChildren();
}

function trend({ months }) {
  const slugs = ["received", "closed", "open_at_end"];
  const names = slugs.map((slug) => labelOf("indicators", slug));
  const numbers = (slug) => months.map((row) => row.values[slug].value);
  const title = say("trendTitle");
  const isOneYear = months[0].month.slice(0, 4) === months.at(-1).month.slice(0, 4);
  const labels = months.map((row) => monthName(row.month, language(), isOneYear));
  return {
    id: "trend",
    title,
    columns: [say("month"), ...names],
    rows: months.map((row) => ({ name: row.month, cells: slugs.map((slug, index) => countCell(row.values[slug], `${row.month} · ${names[index]}`)) })),
    draw: (canvas) => drawTrend(canvas, labels, { received: numbers("received"), closed: numbers("closed"), open: numbers("open_at_end") }, names,
      (index, set) => openCases(`${months[index].month} · ${names[set]}`, months[index].values[slugs[set]].cases)),
  };
}

function parts(model, dimension) {
  const found = membersOf(model, dimension);
  const members = found.filter(({ values }) => values.received.value).map((member) => ({ ...member, name: nameOf(dimension, member.key, model.place) }));
  const top = members.slice(0, MOST);
  const title = say(`${dimension}Title`);
  const names = [say("succeeded"), say("others")];
  const succeeded = top.map(({ values }) => values.success_rate.numerator);
  return {
    id: dimension,
    title,
    remark: members.length > MOST ? say("topOnly", MOST) : null,
    lines: top.length,
    columns: [say(dimension), labelOf("indicators", "received"), labelOf("indicators", "handling_rate"), labelOf("indicators", "success_rate")],
    rows: members.map(({ name, values }) => ({ name, cells: [countCell(values.received, name), ...["handling_rate", "success_rate"].map((slug) => rateCell(values[slug], `${name} · ${labelOf("indicators", slug)}`))] })),
    draw: (canvas) => drawParts(canvas, top.map(({ name }) => name), { succeeded, rest: top.map(({ values }, index) => values.received.value - succeeded[index]) }, names,
      (index, set) => {
        const { name, values } = top[index];
        if (set === 0) openCases(`${name} · ${names[0]}`, values.success_rate.cases);
        else openCases(name, values.received.cases);
      }),
  };
}

/** A village has no places below it: there is nothing to compare. */
function membersOf(model, dimension) {
  if (dimension === "category") return model.categories;
  if (dimension === "method") return model.methods;
  return model.places.length > 1 ? model.places : [];
}

function nameOf(dimension, key, place) {
  if (dimension === "category") return labelOf("dispute_category", key);
  if (dimension === "method") return key === null ? say("noneYet") : labelOf("method", key);
  return key === place ? say("atPlaceItself", placeName(key)) : placeName(key);
}

const countCell = (figure, title) => ({ shown: figure.value ? opening(figure, figure.value, title) : "0", plain: [figure.value] });

function rateCell(figure, title) {
  const { numerator, denominator, percent } = figure;
  if (percent === null) return { shown: "—", plain: [numerator, denominator, ""] };
  const text = `${percent} % (${numerator}/${denominator})`;
  return { shown: opening(figure, text, title), plain: [numerator, denominator, percent] };
}

function frame(box, subtitle) {
  const heading = `chart-${box.id}`;
  const height = box.lines === undefined ? 280 : 64 + 28 * box.lines;
  const canvas = el("canvas", { id: `canvas-${box.id}`, role: "img", "aria-label": `${box.title}，${subtitle}` });
  const png = async () => saveAs(await pictureOf(box.chart, box.title, subtitle), `${box.title} ${subtitle}.png`);
  const csv = () => saveAs(new Blob([csvOf(box)], { type: "text/csv;charset=utf-8" }), `${box.title} ${subtitle}.csv`);
  const plot = el("div", { class: "plot" }, canvas);
  plot.style.height = `${height}px`;
  return el("section", { class: `chart ${box.id}`, "aria-labelledby": heading },
    el("div", { class: "chart-head" }, el("h3", { id: heading }, box.title),
      el("div", { class: "tools" },
        el("button", { type: "button", class: "quiet", onclick: png, "aria-label": say("pngOf", box.title) }, say("png")),
        el("button", { type: "button", class: "quiet", onclick: csv, "aria-label": say("csvOf", box.title) }, say("csv")))),
    plot,
    box.remark ? el("p", { class: "hint" }, box.remark) : null,
    el("details", {}, el("summary", {}, say("showTable"), el("span", { class: "unseen" }, ` ${box.title}`)), tableOf(box)));
}

function tableOf(box) {
  const head = el("tr", {}, ...box.columns.map((name) => el("th", { scope: "col" }, name)));
  const rows = box.rows.map(({ name, cells }) => el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((cell) => el("td", {}, cell.shown))));
  const table = el("table", {}, el("caption", { class: "unseen" }, box.title), el("thead", {}, head), el("tbody", {}, ...rows));
  return el("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": `${box.title} ${say("showTable")}` }, table);
}

/** For Excel and WPS: UTF-8 with its mark; a rate in three columns; no text can become a formula. */
function csvOf(box) {
  const wide = box.columns.flatMap((name, index) => (box.rows[0].cells[index - 1]?.plain.length === 3
    ? [`${name} ${labelOf("statistics_part", "numerator")}`, `${name} ${labelOf("statistics_part", "denominator")}`, `${name} %`] : [name]));
  const lines = [wide, ...box.rows.map(({ name, cells }) => [name, ...cells.flatMap((cell) => cell.plain)])];
  return `\ufeff${lines.map((line) => line.map(quoted).join(",")).join("\r\n")}\r\n`;
}

function quoted(value) {
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
