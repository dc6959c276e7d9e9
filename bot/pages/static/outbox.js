// What the person sent and the server has not confirmed yet. The id given here stays the same for every attempt, so that
// a message whose answer was lost on the way is not taken twice.

import { address, facts, newId, say } from "./facts.js";
import { dropBlob, keepBlob, loadBlob } from "./shelf.js";

const PREFIX = `fieldhand.out.${facts.seat || "me"}.`;
const UPLOADS = new Set(["photo", "voice", "file"]);
const MOST_TRIES = 6;
const OURS = { "x-fieldhand": "1" };

export class Outbox {
  /** `changed(one)` after every change of state; `stored(one, id)` once the server has it; `lost()` when it forgot us. */
  constructor({ changed, stored, lost }) {
    this.changed = changed;
    this.stored = stored;
    this.lost = lost;
    this.all = new Map();
    this.isBusy = false;
    this.failures = 0;
    this.timer = 0;
    window.addEventListener("online", () => this.flush());
  }

  /** Take up what an earlier page left behind. */
  async load() {
    const found = [];
    for (let at = 0; at < storage().length; at++) {
      const name = storage().key(at);
      if (name.startsWith(PREFIX)) found.push(name);
    }
    const old = found.map((name) => readJson(storage().getItem(name))).filter((one) => one?.id);
    for (const one of old.sort((a, b) => a.at - b.at)) {
      if (UPLOADS.has(one.kind)) {
        const blob = await loadBlob(one.id);
        if (!blob) {
          storage().removeItem(PREFIX + one.id);
          continue;
        }
        one.preview = URL.createObjectURL(blob);
      }
      this.all.set(one.id, { ...one, state: "waiting", tries: 0, words: "" });
      this.changed(this.all.get(one.id));
    }
    this.flush();
  }

  async add(said, blob = null) {
    const one = { id: newId(), at: Date.now(), state: "sending", tries: 0, words: "", ...said };
    if (blob) one.preview = URL.createObjectURL(blob);
    this.all.set(one.id, one);
    this.changed(one);
    const isKept = blob ? await keepBlob(one.id, blob) : true;
    if (isKept) this.remember(one);
    this.flush();
    return one;
  }

  retry(id) {
    const one = this.all.get(id);
    if (!one) return;
    this.mark(one, "sending", "");
    one.tries = 0;
    this.failures = 0;
    this.flush();
  }

  drop(id) {
    const one = this.all.get(id);
    this.forget(id);
    if (one) this.changed({ ...one, state: "dropped" });
  }

  async flush() {
    if (this.isBusy) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    try {
      for (let one = this.next(); one; one = this.next()) {
        if (!(await this.attempt(one))) break;
      }
    } finally {
      this.isBusy = false;
    }
  }

  next() {
    for (const one of this.all.values()) if (one.state === "sending" || one.state === "waiting") return one;
    return null;
  }

  /** True when the next one may go. One at a time, so that what was said first arrives first. */
  async attempt(one) {
    let answer;
    try {
      answer = await (UPLOADS.has(one.kind) ? upload(one) : send(one));
    } catch {
      return this.later(one, "waiting");
    }
    this.failures = 0;
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      this.forget(one.id);
      one.state = "stored";
      this.stored(one, told.id ?? "");
      return true;
    }
    if (answer.status === 401) {
      this.mark(one, "waiting", "");
      this.lost();
      return false;
    }
    const isPassing = answer.status >= 500 || answer.status === 429 || answer.status === 408;
    if (!isPassing) {
      this.forgetStored(one.id);
      this.mark(one, "refused", told.words ?? say("page.refused"));
      return true;
    }
    one.tries += 1;
    if (one.tries < MOST_TRIES) return this.later(one, "sending", Number(answer.headers.get("retry-after")) || 2);
    this.mark(one, "failed", told.words ?? "");
    return true;
  }

  later(one, state, seconds = 0) {
    this.failures += 1;
    this.mark(one, state, "");
    this.timer = setTimeout(() => this.flush(), (seconds || Math.min(20, 1.5 ** this.failures)) * 1000);
    return false;
  }

  mark(one, state, words) {
    if (one.state === state && one.words === words) return;
    Object.assign(one, { state, words });
    this.changed(one);
  }

  remember(one) {
    if (!this.all.has(one.id)) return;
    const { preview, tries, state, words, ...lasting } = one;
    try {
      storage().setItem(PREFIX + one.id, JSON.stringify(lasting));
    } catch {
      return; // full or forbidden: it still goes out while the page is open
    }
  }

  forget(id) {
    this.all.delete(id);
    this.forgetStored(id);
  }

  forgetStored(id) {
    storage().removeItem(PREFIX + id);
    dropBlob(id);
  }
}

/** One request of ours; `keep` names what a repeat may not do twice. Raises when there is no signal. */
export async function post(said, seconds = 25) {
  return fetch(address("/chat/api/send"), {
    method: "POST",
    headers: { ...OURS, "content-type": "application/json" },
    body: JSON.stringify(said),
    signal: AbortSignal.timeout?.(seconds * 1000),
  });
}

function send(one) {
  const said = { id: one.id, age: waited(one) };
  if (one.reply_to) said.reply_to = one.reply_to;
  if (one.kind === "location") said.location = one.place;
  else if (one.kind === "start") said.start = one.text;
  else said.text = one.text;
  return post(said);
}

async function upload(one) {
  const blob = await loadBlob(one.id);
  const { id, kind, name, seconds, album } = one;
  return fetch(address("/chat/api/upload", { id, kind, name, seconds, album, age: Math.round(waited(one)) }), {
    method: "POST",
    headers: { ...OURS, "content-type": "application/octet-stream" },
    body: blob,
    signal: AbortSignal.timeout?.(300_000),
  });
}

/** Seconds since it was written; what goes out at once has no age. */
function waited(one) {
  const seconds = (Date.now() - one.at) / 1000;
  return seconds > 3 ? seconds : 0;
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const fallback = { length: 0, key: () => null, getItem: () => null, setItem() {}, removeItem() {} };

/** Browsers that forbid cookies in frames throw at the mere name. */
export function storage() {
  try {
    return window.localStorage ?? fallback;
  } catch {
    return fallback;
  }
}
