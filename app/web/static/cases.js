// The list behind a figure: a dialog with a table, a page at a time. It shows what the list gives, without the parties.

import { byId, el, show } from "./dom.js";
import { labelOf, placeName } from "./labels.js";
import { get } from "./session.js";
import { say } from "./texts.js";

const PAGE = 20;
const COLUMNS = {
  caseNumber: (found) => found.number ?? "—",
  receivedOn: (found) => found.received_on ?? "—",
  category: (found) => labelOf("dispute_category", found.category),
  what: (found) => found.title ?? "",
  method: (found) => (found.method ? labelOf("method", found.method) : "—"),
  place: (found) => placeName(found.place),
  status: (found) => labelOf("case_status", found.status),
  closedOn: (found) => found.closed_on ?? "—",
};
let shown = null;
let failed = () => {};

export const whenListFails = (listener) => { failed = listener; };

export async function openCases(title, path) {
  shown = { path, cursors: [null], total: null };
  byId("cases-title").textContent = title;
  byId("cases-scroll").replaceChildren();
  byId("cases").showModal();
  byId("cases-title").focus();
  await turn(0);
}

async function turn(step) {
  const asking = shown;
  if (step < 0) asking.cursors.pop();
  byId("cases-count").textContent = say("loading");
  const link = new URL(asking.path, location.origin);
  link.searchParams.set("limit", PAGE);
  if (asking.total === null) link.searchParams.set("total", "exact");
  const cursor = asking.cursors.at(-1);
  if (cursor) link.searchParams.set("cursor", cursor);
  try {
    const answer = await get(link.pathname + link.search);
    if (asking !== shown) return;
    asking.total ??= answer.total;
    asking.next = answer.next;
    display(answer.items);
  } catch (reason) {
    byId("cases").close();
    failed(reason);
  }
}

function display(items) {
  const first = (shown.cursors.length - 1) * PAGE + 1;
  byId("cases-count").textContent = items.length
    ? say("casesCount", shown.total, first, first + items.length - 1)
    : say("noCases");
  const columns = Object.entries(COLUMNS).filter(([name]) => name !== "what" || items.some((found) => "title" in found));
  const head = el("tr", {}, ...columns.map(([name]) => el("th", { scope: "col" }, say(name))));
  const rows = items.map((found) => el("tr", {}, ...columns.map(([name, read]) =>
    (name === "caseNumber" ? el("th", { scope: "row" }, read(found)) : el("td", { class: name.endsWith("On") && "date" }, read(found))))));
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
  byId("cases-scroll").replaceChildren(table);
  byId("cases-scroll").scrollTop = 0;
  const [before, after] = [byId("cases-before"), byId("cases-after")];
  before.disabled = shown.cursors.length === 1;
  after.disabled = !shown.next;
  if (document.activeElement === document.body || document.activeElement.disabled) (after.disabled ? before : after).focus();
  show(document.querySelector(".pager"), shown.cursors.length > 1 || Boolean(shown.next));
}

/** A number that opens its cases. */
export function opening(figure, text, title, path = figure.cases) {
  const open = () => openCases(title, path);
  return el("button", { type: "button", class: "figure", onclick: open, "aria-label": say("openCases", title, text) }, text);
}

export function prepareCases() {
  const dialog = byId("cases");
  byId("cases-close").addEventListener("click", () => dialog.close());
  byId("cases-before").addEventListener("click", () => turn(-1));
  byId("cases-after").addEventListener("click", () => {
    shown.cursors.push(shown.next);
    turn(1);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
