// The page as a whole: who is there, what is asked for (kept in the address), and the order in which it is shown.

import { byId, el, show } from "./dom.js";
import { language, say, speak, translatePage } from "./texts.js";
import { Refused, get, isSignedIn, signIn, signOut, whenEnded } from "./session.js";
import { clockTime, isInOrder, isWholeYear, periodOf, yearOf } from "./period.js";
import { labelOf, learnBelow, learnCodes, learnPlaces, placeName, placesWithin } from "./labels.js";
import { CARDS, detailsOf, isEmpty, latestYear, overdueOf, summaryOf } from "./figures.js";
import { prepareCases, whenListFails } from "./cases.js";
import { drawCards } from "./cards.js";
import { clearCharts, drawCharts } from "./charts.js";

let me = null; // the reader's account: its place bounds what can be chosen
let model = null; // what is shown
let asking = new AbortController();

function asked() {
  const query = new URLSearchParams(location.search);
  const dates = { from: query.get("from"), to: query.get("to") };
  const span = query.get("span") ?? (dates.from ? "own" : "year");
  return { ...periodOf(span, dates), place: query.get("place") };
}

function ask({ span, from, to, place }) {
  const query = new URLSearchParams(span === "own" ? { from, to } : { span });
  if (place && place !== me?.place) query.set("place", place);
  history.replaceState(null, "", `/?${query}`);
  return load();
}

async function load() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const question = asked();
  fillDates(question);
  if (!isInOrder(question)) return tell("problem", say("reversed"));
  begin();
  try {
    const [summary, overdue] = await Promise.all([summaryOf(question, signal), overdueOf(question.place, signal), learnMe(), learnCodes(), learnPlaces()]);
    await learnBelow(summary.place);
    model = { ...summary, overdue, asked: question };
    fillPlaces(summary.place);
    if (isEmpty(summary.values)) await offerYear(question, signal);
    else Object.assign(model, await detailsOf(question, signal));
    draw();
    byId("live").textContent = say("loaded", subtitle());
    performance.mark("shown");
  } catch (reason) {
    if (reason.name !== "AbortError" && isSignedIn()) fail(reason);
  } finally {
    if (!signal.aborted) byId("figures").setAttribute("aria-busy", "false");
  }
  return undefined;
}

async function learnMe() {
  me ??= await get("/api/v1/me");
}

function begin() {
  byId("live").textContent = say("loading");
  byId("figures").setAttribute("aria-busy", "true");
  show(byId("notice"), false);
  show(byId("problem"), false);
}

function fail(reason) {
  if (!(reason instanceof Refused)) console.error(reason);
  if (reason.status === 403) return tell("problem", say("forbidden"));
  const text = reason instanceof Refused ? reason.message : say("notReached");
  return tell("problem", text, el("button", { type: "button", onclick: load }, say("tryAgain")));
}

function tell(where, text, ...more) {
  byId(where).replaceChildren(text, " ", ...more);
  show(byId(where), true);
}

async function offerYear(question, signal) {
  const year = await latestYear(question.place, signal);
  const text = say("empty", placeName(model.place), periodName(question));
  const offer = year && el("button", { type: "button", id: "offer", onclick: () => ask({ ...yearOf(year), place: question.place }) }, say("showYear", year));
  tell("notice", text, offer ?? "");
}

function periodName(period) {
  return isWholeYear(period) ? say("yearAlone", period.from.slice(0, 4)) : `${period.from} — ${period.to}`;
}

function subtitle() {
  return `${placeName(model.place)} · ${periodName(model.asked)}`;
}

function draw() {
  byId("heading").textContent = subtitle();
  byId("as-of").textContent = say("asOf", clockTime(model.computedAt, language()));
  byId("who").textContent = `${me.name} · ${labelOf("role", me.role)}`;
  drawCards(model);
  if (model.months) drawCharts(model, subtitle());
  else clearCharts();
}

function fillDates({ span, from, to }) {
  byId("span").value = span;
  byId("from").value = from ?? "";
  byId("to").value = to ?? "";
  show(byId("dates"), span === "own");
}

function fillPlaces(chosen) {
  const within = placesWithin(me.place);
  const depth = (code) => (code.endsWith("000000") ? 0 : code.endsWith("000") ? 1 : 2);
  const top = depth(me.place);
  const options = within.map(({ code, name }) => el("option", { value: code }, "\u3000".repeat(depth(code) - top) + name));
  byId("place").replaceChildren(...options);
  byId("place").value = chosen;
}

async function meanings(event) {
  const list = event.target.querySelector("dl");
  if (!event.target.open || list.dataset.language === language()) return;
  const { items } = await get("/api/v1/statistics/indicators?limit=200");
  const found = CARDS.map((slug) => items.find((indicator) => indicator.slug === slug));
  list.replaceChildren(...found.flatMap((indicator) => [el("dt", {}, indicator[language()]), el("dd", {}, indicator[`meaning_${language()}`])]));
  list.dataset.language = language();
}

function enter(why = "") {
  const isIn = isSignedIn();
  show(byId("entrance"), !isIn);
  show(byId("board"), isIn);
  show(byId("sign-out"), isIn);
  byId("who").textContent = "";
  byId("sign-in-problem").textContent = why;
  if (isIn) return load();
  asking.abort();
  me = model = null;
  clearCharts();
  byId("cards").replaceChildren();
  byId("cases").close();
  byId("live").textContent = "";
  byId("username").focus();
  return undefined;
}

async function submitSignIn(event) {
  event.preventDefault();
  const { username: name, password } = event.target.elements;
  if (!name.value || !password.value) return (name.value ? password : name).focus();
  try {
    await signIn(name.value.trim(), password.value);
    event.target.reset();
    await enter();
    byId("main").focus();
  } catch (reason) {
    byId("sign-in-problem").textContent = reason instanceof Refused ? reason.message : say("notReached");
    password.select();
  }
  return undefined;
}

function changed() {
  const span = byId("span").value;
  if (span === "own" && byId("dates").hidden) {
    show(byId("dates"), true);
    byId("from").focus();
    return undefined;
  }
  return ask({ span, from: byId("from").value, to: byId("to").value, place: byId("place").value });
}

function switchLanguage() {
  speak(language() === "zh" ? "en" : "zh");
  dress();
  if (!model) return;
  draw();
  byId("meanings").open = false;
  if (!byId("notice").hidden) load();
}

function dress() {
  translatePage();
  byId("language").textContent = say("language");
  byId("language").lang = language() === "zh" ? "en" : "zh-CN";
}

function start() {
  dress();
  prepareCases();
  whenEnded(() => enter(say("signInAgain")));
  whenListFails((reason) => { if (isSignedIn()) fail(reason); });
  byId("sign-in").addEventListener("submit", submitSignIn);
  byId("sign-out").addEventListener("click", async () => { await signOut(); enter(); });
  byId("language").addEventListener("click", switchLanguage);
  byId("asked").addEventListener("submit", (event) => { event.preventDefault(); changed(); });
  byId("place").addEventListener("change", changed);
  byId("span").addEventListener("change", changed);
  byId("print").addEventListener("click", () => window.print());
  byId("meanings").addEventListener("toggle", meanings);
  enter();
}

start();
