// What the page asks of the API for one place and period, and how break-downs are put together.

import { get } from "./session.js";
import { yearBefore } from "./period.js";

export const CARDS = ["received", "handling_rate", "success_rate", "closed", "open_at_end"];
const PARTS = "received,handling_rate,success_rate";
const TREND = "received,closed,open_at_end";

function address({ place, from, to }, indicator, by) {
  const query = new URLSearchParams({ ...(place && { place }), from, to, indicator, ...(by && { by }) });
  return `/api/v1/statistics?${query}`;
}

/** The figures of the cards alone: whether there is anything to show. */
export async function summaryOf(asked, signal) {
  const answer = await get(address(asked, CARDS.join()), signal);
  return { place: answer.place, computedAt: answer.computed_at, values: answer.rows[0].values };
}

export const isEmpty = ({ received, closed, open_at_end: open }) => !received.value && !closed.value && !open.value;

export async function detailsOf(asked, signal) {
  const [before, months, crossed, places] = await Promise.all([
    get(address({ ...asked, ...yearBefore(asked) }, CARDS.join()), signal),
    get(address(asked, TREND, "month"), signal),
    get(address(asked, PARTS, "category,method"), signal),
    get(address(asked, PARTS, "place"), signal),
  ]);
  return {
    before: before.rows[0].values,
    months: months.rows,
    categories: gathered(crossed.rows, "category", "method"),
    methods: gathered(crossed.rows, "method", "category"),
    places: byReceived(places.rows.map((row) => ({ key: row.place, values: row.values }))),
  };
}

const byReceived = (members) => members.sort((one, next) => next.values.received.value - one.values.received.value);

/** Rows of two dimensions added up by one of them: a case stands in one row, so numbers add. Links lose the other one. */
function gathered(rows, dimension, other) {
  const members = new Map();
  for (const row of rows) {
    const key = row[dimension] ?? null;
    const found = members.get(key);
    members.set(key, found ? added(found, row.values) : added(null, row.values, dimension, other));
  }
  return byReceived([...members].map(([key, values]) => ({ key, values })));
}

function added(sum, values, dimension, other) {
  return Object.fromEntries(Object.entries(values).map(([slug, figure]) => {
    if (!sum) return [slug, { ...figure, cases: without(figure.cases, dimension, other) }];
    const one = sum[slug];
    if (figure.denominator === undefined) return [slug, { ...one, value: one.value + figure.value }];
    const numerator = one.numerator + figure.numerator;
    const denominator = one.denominator + figure.denominator;
    return [slug, { ...one, numerator, denominator, percent: percentOf(numerator, denominator) }];
  }));
}

function without(cases, dimension, other) {
  const link = new URL(cases, location.origin);
  link.searchParams.delete(other);
  const exact = (link.searchParams.get("exact") ?? "").split(",").filter((name) => name && name !== other);
  if (exact.length) link.searchParams.set("exact", exact.join(","));
  else link.searchParams.delete("exact");
  return link.pathname + link.search;
}

/** Half up at two decimals, as the service prints rates; null where there is nothing to divide by. */
export function percentOf(numerator, denominator) {
  if (!denominator) return null;
  const hundredths = Math.floor((numerator * 20_000 + denominator) / (2 * denominator));
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** Cases with a deadline that has passed, as of now; null where the role does not see deadlines. */
export async function overdueOf(place, signal) {
  const cases = `/api/v1/cases?${new URLSearchParams({ overdue: true, ...(place && { place }) })}`;
  try {
    const { total } = await get(`${cases}&limit=1&total=exact`, signal);
    return { value: total, cases };
  } catch (reason) {
    if ([403, 422].includes(reason.status)) return null;
    throw reason;
  }
}

/** The year of the case accepted last, or null. */
export async function latestYear(place, signal) {
  const query = new URLSearchParams({ sort: "-received_on", received_from: "1949-10-01", limit: 1, ...(place && { place }) });
  const { items } = await get(`/api/v1/cases?${query}`, signal);
  return items[0]?.received_on ? Number(items[0].received_on.slice(0, 4)) : null;
}
