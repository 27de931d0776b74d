// What codes and places are called: the codebook, and the places below the reader's own.

import { get } from "./session.js";
import { language } from "./texts.js";

const tables = new Map();
const places = new Map();
let hasAll = false;

export async function learnCodes() {
  if (tables.size) return;
  const { tables: found } = await get("/api/v1/codebook");
  for (const table of found) tables.set(table.table, new Map(table.entries.map((entry) => [entry.code, entry])));
}

export function labelOf(table, code) {
  const entry = tables.get(table)?.get(code);
  return entry ? entry[language()] : code ?? "";
}

async function learn(path) {
  const { items, next } = await get(path);
  for (const place of items ?? []) places.set(place.code, place);
  return next;
}

/** One page of places is all that a district without many townships has; else those below a place when they are asked for. */
export async function learnPlaces() {
  if (!places.size) hasAll = (await learn("/api/v1/places?limit=200")) === null;
}

export async function learnBelow(code) {
  if (hasAll) return;
  let path = `/api/v1/places?limit=200&parent=${code}`;
  for (let next = await learn(path); next; ) next = await learn(`${path}&cursor=${encodeURIComponent(next)}`);
  if (!places.has(code)) places.set(code, await get(`/api/v1/places/${code}`));
}

export const placeName = (code) => places.get(code)?.name ?? code;
export const levelOf = (code) => (code.endsWith("000000") ? "district" : code.endsWith("000") ? "township" : "village");

function significant(code) {
  return code.slice(0, { district: 6, township: 9, village: 12 }[levelOf(code)]);
}

/** The place and all known below it, in the order of their codes, which is the order of the tree. */
export function placesWithin(code) {
  const within = [...places.values()].filter((place) => place.code.startsWith(significant(code)) && !place.valid_to);
  return within.sort((one, other) => (one.code < other.code ? -1 : 1));
}
