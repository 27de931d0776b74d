// Who is signed in: the tokens of this tab, renewed when they end, gone when it closes. Every request goes through here.

import { language } from "./texts.js";

const KEPT = "tiaojie.session";
const TOKENS = "/api/v1/oauth/token";
let renewing = null;
let onEnd = () => {};

/** What is answered instead of a body: `status`, and what the service says about it in the reader's language. */
export class Refused extends Error {
  constructor(status, document) {
    super(document.detail ?? document.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = document.code;
  }
}

export const whenEnded = (listener) => { onEnd = listener; };
const kept = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
export const isSignedIn = () => kept() !== null;

function end() {
  sessionStorage.removeItem(KEPT);
}

async function answerOf(response) {
  const document = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, document);
  return document;
}

async function granted(fields) {
  const headers = { "Accept-Language": language() };
  return answerOf(await fetch(TOKENS, { method: "POST", headers, body: new URLSearchParams(fields) }));
}

function keep({ access_token: access, refresh_token: refresh }) {
  sessionStorage.setItem(KEPT, JSON.stringify({ access, refresh }));
}

export async function signIn(username, password) {
  keep(await granted({ grant_type: "password", username, password }));
}

export async function signOut() {
  const ending = kept();
  end();
  if (ending) await fetch("/api/v1/oauth/revoke", { method: "POST", body: new URLSearchParams({ token: ending.refresh }) }).catch(() => {});
}

/** A refresh token is used once: requests refused at the same time wait for the same renewal. */
function renew() {
  renewing ??= (async () => {
    keep(await granted({ grant_type: "refresh_token", refresh_token: kept().refresh }));
  })().finally(() => { renewing = null; });
  return renewing;
}

function fetched(path, signal) {
  const headers = { Authorization: `Bearer ${kept()?.access}`, "Accept-Language": language() };
  return fetch(path, { headers, signal, cache: "no-store" });
}

/** GET within the API. Whoever is no longer signed in is asked to sign in again. */
export async function get(path, signal) {
  let response = await fetched(path, signal);
  if (response.status === 401 && isSignedIn()) {
    try {
      await renew();
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      end();
      onEnd();
      throw reason;
    }
    response = await fetched(path, signal);
  }
  if (response.status === 401) {
    end();
    onEnd();
  }
  return answerOf(response);
}
