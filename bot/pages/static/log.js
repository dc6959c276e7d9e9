// The conversation: messages in order, days between them, and what waits at the end.

import { draw } from "./bubble.js";
import { dayName, dayOf } from "./facts.js";
import { make } from "./parts.js";

const UNSEEN = new Set(["start", "press"]); // the person did these with the page, not with words

export class Log {
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.entries = new Map(); // by the server's id, or by our own key until there is one
    this.byKey = new Map();
    this.days = new Map();
    this.order = [];
    this.turn = 0;
  }

  /** What came from the server; returns the messages of the other side that are new here. */
  put(messages, { isFirst = false } = {}) {
    const fresh = [];
    for (const message of messages) {
      if (message.removed) this.remove(message.id);
      else if (!(message.side === "me" && UNSEEN.has(message.body.kind)) && this.take(message, isFirst) && message.side !== "me") fresh.push(message);
    }
    this.arrange();
    return fresh;
  }

  take(message, isFirst) {
    const known = this.entries.get(message.id) ?? this.byKey.get(message.key);
    if (known && known.message.rev >= message.rev) return false;
    const entry = known ?? this.add({ key: message.key, state: "stored" }, isFirst);
    const isChange = Boolean(known?.message.id);
    this.entries.delete(entry.key);
    this.entries.set(message.id, entry);
    entry.message = message;
    entry.rank = Number(message.id);
    entry.node.dataset.id = message.id;
    this.draw(entry);
    if (isChange && !message.body.pressed) flash(entry.node);
    return !known;
  }

  /** What the outbox holds, in the state that it is in. */
  putOwn(one) {
    if (UNSEEN.has(one.kind)) return;
    const known = this.byKey.get(one.id);
    if (one.state === "dropped") {
      if (known) this.remove(known.message.id || one.id);
      this.arrange();
      return;
    }
    const entry = known ?? this.add({ key: one.id, rank: Infinity, message: imagine(one), preview: one.preview }, false);
    if (!known) this.entries.set(one.id, entry);
    Object.assign(entry, { state: one.state, words: one.words });
    entry.preview ??= one.preview;
    this.draw(entry);
    this.arrange();
  }

  /** The server has it; its number may have come before or after the message itself. */
  settle(one, id) {
    const entry = this.byKey.get(one.id);
    if (!entry) return;
    entry.state = "stored";
    if (id && !entry.message.id) {
      this.entries.delete(one.id);
      entry.message = { ...entry.message, id };
      entry.rank = Number(id);
      entry.node.dataset.id = id;
      this.entries.set(id, entry);
    }
    this.draw(entry);
    this.arrange();
  }

  find(id) {
    return this.entries.get(id)?.message ?? null;
  }

  reveal(id) {
    const node = this.entries.get(id)?.node;
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
    if (node) flash(node);
  }

  /** Mark at once what the server will confirm in a moment. */
  choose(message, label) {
    const entry = this.entries.get(message.id);
    if (entry?.message !== message) return;
    entry.message = { ...message, body: { ...message.body, pressed: label } };
    this.draw(entry);
  }

  oldest() {
    return this.order.find((one) => one.message.id)?.message.id ?? "";
  }

  /** What the conversation waits for: the newest wish that was not answered since. */
  wish() {
    for (const { message } of this.order.slice().reverse()) {
      const { body, side } = message;
      if (side === "me" && body.kind === "photo") continue; // several photos answer the same question
      if (side === "me" || body.pressed) break;
      if (body.hint || body.placeholder) return { hint: body.hint ?? "", placeholder: body.placeholder ?? "" };
    }
    return { hint: "", placeholder: "" };
  }

  add(entry, isQuiet) {
    const whole = { message: { rev: 0 }, words: "", rank: Infinity, turn: this.turn++, node: make("article", { class: isQuiet ? "line" : "line arrives" }), ...entry };
    whole.node.addEventListener("animationend", () => whole.node.classList.remove("arrives", "changed"));
    swipe(whole.node, () => whole.message.id && this.act.reply(whole.message));
    if (whole.key) this.byKey.set(whole.key, whole);
    return whole;
  }

  draw(entry) {
    draw(entry.node, entry, this, this.act);
  }

  remove(id) {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.node.remove();
    this.entries.delete(id);
    this.byKey.delete(entry.key);
  }

  /** Put every line where it belongs, moving only what is out of place. */
  arrange() {
    this.order = [...this.entries.values()].sort((a, b) => a.rank - b.rank || a.turn - b.turn);
    const loud = this.loud();
    let cursor = this.root.firstChild;
    const put = (node) => {
      if (cursor === node) cursor = cursor.nextSibling;
      else this.root.insertBefore(node, cursor);
    };
    let latest = "";
    this.order.forEach((entry, at) => {
      const day = dayOf(entry.message.at);
      const isNewDay = day > latest; // one that waited for a signal may be older than its neighbours
      if (isNewDay) put(this.day(day, entry.message.at));
      latest = isNewDay ? day : latest;
      const { side } = entry.message;
      entry.node.classList.toggle("opens", isNewDay || this.order[at - 1]?.message.side !== side);
      entry.node.classList.toggle("closes", this.order[at + 1]?.message.side !== side);
      entry.node.classList.toggle("old", !loud.has(entry));
      put(entry.node);
    });
    while (cursor) {
      const gone = cursor;
      cursor = cursor.nextSibling;
      gone.remove();
    }
  }

  /** Buttons call out on the last message that has some, and on the one that changed last: a living card may stand higher. */
  loud() {
    const buttoned = this.order.filter((one) => one.message.body.rows?.length);
    const newest = buttoned.reduce((best, one) => (!best || one.message.rev > best.message.rev ? one : best), null);
    return new Set([buttoned.at(-1), newest]);
  }

  day(day, at) {
    const node = this.days.get(day) ?? make("div", { class: "day", role: "separator" });
    const name = dayName(at);
    if (node.textContent !== name) node.textContent = name; // "today" becomes "yesterday" while the page is open
    this.days.set(day, node);
    return node;
  }
}

/** What the server will make of it, shown before it has. */
function imagine({ id, at, kind, text, place, reply_to, name, seconds }) {
  const body = { kind, text, place, reply_to, seconds };
  if (kind === "photo") body.photos = ["mine"];
  if (kind === "voice") body.voices = ["mine"];
  if (kind === "file") Object.assign(body, { files: ["mine"], names: { mine: name } });
  return { id: "", rev: 0, side: "me", key: id, at, body };
}

function flash(node) {
  node.classList.remove("changed");
  void node.offsetWidth; // so that the animation begins anew
  node.classList.add("changed");
}

/** Drag a message to the right to answer it. */
function swipe(node, then) {
  let from = null;
  let moved = 0;
  const follow = (distance) => {
    moved = distance;
    node.style.transform = distance ? `translateX(${distance}px)` : "";
  };
  node.addEventListener("touchstart", ({ touches }) => (from = touches.length === 1 ? touches[0] : null), { passive: true });
  node.addEventListener("touchmove", ({ touches }) => {
    if (!from) return;
    const across = touches[0].clientX - from.clientX;
    if (Math.abs(touches[0].clientY - from.clientY) > Math.max(14, across)) from = null;
    follow(from && across > 14 ? Math.min(across - 14, 64) : 0);
  }, { passive: true });
  node.addEventListener("touchend", () => {
    if (moved > 44) then();
    from = null;
    follow(0);
  });
  node.addEventListener("touchcancel", () => follow(0));
}
