// The key figures: a count, or a rate with its numerator and denominator, beside the same days of the year before.

import { byId, el } from "./dom.js";
import { opening } from "./cases.js";
import { CARDS, isEmpty } from "./figures.js";
import { labelOf } from "./labels.js";
import { say } from "./texts.js";

const isRate = (figure) => figure.denominator !== undefined;
const denominatorOf = (figure) => `${figure.cases}&part=denominator`;

export function drawCards({ values, before, overdue }) {
  const cards = CARDS.map((slug) => card(slug, values[slug], before && changeOf(slug, values, before)));
  if (overdue) cards.push(overdueCard(overdue));
  byId("cards").replaceChildren(...cards);
}

function card(slug, figure, change) {
  const title = labelOf("indicators", slug);
  const body = isRate(figure) ? rateBody(title, figure) : countBody(title, figure);
  return el("article", { class: `card ${isRate(figure) ? "rate" : "count"}`, id: `card-${slug}` },
    el("h3", {}, title), ...body, el("p", { class: "change" }, change ?? ""));
}

function countBody(title, figure) {
  const number = figure.value ? opening(figure, figure.value, title) : el("span", {}, 0);
  return [el("p", { class: "number" }, number, el("span", { class: "unit" }, say("cases")))];
}

function rateBody(title, figure) {
  const { percent, numerator, denominator } = figure;
  if (percent === null) return [el("p", { class: "number none" }, "—"), el("p", { class: "parts" }, "0 / 0")];
  const parts = [[numerator, figure.cases, "numerator"], [denominator, denominatorOf(figure), "denominator"]].map(
    ([number, path, part]) => (number ? opening(figure, number, `${title} · ${labelOf("statistics_part", part)}`, path) : "0"));
  return [
    el("p", { class: "number" }, opening(figure, percent, title), el("span", { class: "unit" }, "%")),
    el("p", { class: "parts" }, parts[0], " / ", parts[1]),
  ];
}

function overdueCard(overdue) {
  const title = say("overdue");
  return el("article", { class: `card count ${overdue.value ? "late" : ""}`, id: "card-overdue" },
    el("h3", {}, title), ...countBody(title, overdue), el("p", { class: "change" }, say("overdueHint")));
}

/** Percentage points between rates, cases between counts; never a change against nothing. */
function changeOf(slug, values, before) {
  const [figure, earlier] = [values[slug], before[slug]];
  if (isEmpty(before)) return say("noYearBefore");
  if (!isRate(figure)) return say("yearBefore", signed(String(figure.value - earlier.value)), earlier.value);
  if (!figure.denominator || !earlier.denominator) return say("noRateBefore");
  const points = 100 * (figure.numerator / figure.denominator - earlier.numerator / earlier.denominator);
  return say("yearBefore", say("points", signed(points.toFixed(2))), `${earlier.percent} %`);
}

function signed(text) {
  if (Number(text) === 0) return "±0";
  return text.startsWith("-") ? `−${text.slice(1)}` : `+${text}`;
}
