// The page: puts the conversation, the outbox, the live line and the composer together.

import { gist } from "./bubble.js";
import { Composer } from "./composer.js";
import { facts, newId, say } from "./facts.js";
import { Live } from "./live.js";
import { Log } from "./log.js";
import { Outbox, post } from "./outbox.js";
import { toast } from "./parts.js";

const by = (id) => document.getElementById(id);
const PAGE = 60; // messages that the server gives at once
const isFramed = window.parent !== window;
document.documentElement.classList.toggle("framed", isFramed);

// Following the end of the conversation

const scroll = by("scroll");
let isAtEnd = true;
let height = 0;
let unread = 0;

function toEnd(behavior = "auto") {
  isAtEnd = true;
  by("newer").hidden = true;
  by("newer").classList.remove("told");
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
}

scroll.addEventListener("scroll", () => {
  const hasGrown = scroll.scrollHeight !== height; // a photo has come, nobody scrolled away
  height = scroll.scrollHeight;
  if (hasGrown && isAtEnd) return toEnd();
  const left = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;
  isAtEnd = left < 80;
  by("newer").hidden = isAtEnd || (left < 600 && !by("newer").classList.contains("told"));
  by("newer").classList.toggle("plain", !by("newer").classList.contains("told"));
  return undefined;
}, { passive: true });
by("newer").addEventListener("click", () => toEnd("smooth"));
const keepEnd = new ResizeObserver(() => isAtEnd && toEnd());
keepEnd.observe(by("log"));
keepEnd.observe(scroll);

// Phones from Apple lay the keyboard over the page instead of making the page smaller.
window.visualViewport?.addEventListener("resize", () => {
  const { height: seen, scale } = window.visualViewport;
  const isCovered = scale < 1.05 && seen < window.innerHeight - 60;
  document.querySelector(".chat").style.height = isCovered ? `${seen}px` : "";
  if (isCovered) window.scrollTo(0, 0);
});

function announce(count) {
  if (!count) return;
  if (!isAtEnd) {
    by("newer").classList.add("told");
    by("newer").classList.remove("plain");
    by("newer").hidden = false;
  }
  if (isFramed) window.parent.postMessage({ fieldhand: "news", seat: facts.seat, count }, location.origin);
  if (document.hidden) unread += count;
  showUnread();
}

const title = document.title;
function showUnread() {
  document.title = unread ? `(${unread}) ${title}` : title;
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  showUnread();
});

// The parts

const log = new Log(by("log"), {
  press,
  reply: (message) => composer.answer(message, gist(message)),
  retry: (key) => outbox.retry(key),
  drop: (key) => outbox.drop(key),
});

const outbox = new Outbox({
  changed: (one) => {
    log.putOwn(one);
    refresh();
  },
  stored: (one, id) => {
    log.settle(one, id);
    refresh();
  },
  lost: comeAgain,
});

const composer = new Composer(async (said, blob) => {
  await outbox.add(said, blob);
  toEnd();
});

const live = new Live({
  news: (messages) => {
    release(messages);
    announce(log.put(messages).length);
    refresh();
  },
  note: ({ press: key, words }) => {
    toast(words);
    busy.get(key)?.();
  },
  state: showState,
  lost: comeAgain,
});

function refresh() {
  by("empty").hidden = log.order.length > 0 || !hasBegun;
  composer.offer(log.wish());
}

function showState(state) {
  const status = by("status");
  if (status.dataset.state === state && state !== "connecting") return;
  status.dataset.state = state;
  status.textContent = say(state === "offline" ? "page.waiting" : `page.${state}`);
  by("no-signal").hidden = state !== "offline";
  if (state === "online") outbox.flush();
}

// Buttons

const busy = new Map(); // what ends the waiting look of a press, by the press
const again = new Map(); // a press that may or may not have arrived keeps its id, so that it counts once

async function press(message, one, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  const name = `${message.id} ${one.token}`;
  const key = again.get(name) ?? newId();
  again.set(name, key);
  const end = () => {
    button.removeAttribute("aria-busy");
    busy.delete(key);
  };
  button.setAttribute("aria-busy", "true");
  busy.set(key, end);
  try {
    const answer = await post({ id: key, press: one.token, message: message.id }, 15);
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 401) return comeAgain();
    if (!answer.ok) throw new Error(told.words ?? "");
    again.delete(name);
    setTimeout(end, 6000);
    log.choose(message, one.label);
  } catch (error) {
    end();
    const isOurs = error.constructor === Error && error.message;
    toast(isOurs ? error.message : say("page.press_unsent"));
  }
  return undefined;
}

/** Any change shows that the press was heard. */
function release(messages) {
  if (messages.some((one) => one.side !== "me")) for (const end of [...busy.values()]) end();
}

// Beginning

let hasBegun = false;
let hasEarlier = false;

by("earlier").addEventListener("click", async () => {
  const above = scroll.scrollHeight - scroll.scrollTop;
  by("earlier").disabled = true;
  try {
    const { messages } = await live.ask({ before: oldest || log.oldest() });
    log.put(messages, { isFirst: true });
    noteOldest(messages);
    scroll.scrollTop = scroll.scrollHeight - above;
  } catch {
    toast(say("page.offline"));
  } finally {
    by("earlier").disabled = false;
  }
});

let oldest = "";
function noteOldest(messages) {
  oldest = messages[0]?.id ?? oldest; // also of one that isn't shown
  hasEarlier = messages.length >= PAGE;
  by("earlier").hidden = !hasEarlier;
}

/** The server doesn't know this browser any more: loading the page anew opens a session. Once, lest it goes round. */
function comeAgain() {
  const before = Number(sessionStorage.getItem("fieldhand.again")) || 0;
  if (Date.now() - before < 60_000) return toast(say("page.error.session"));
  sessionStorage.setItem("fieldhand.again", String(Date.now()));
  return location.reload();
}

/** The code that a sticker or a link carried, said once. */
function startCode() {
  const url = new URL(location.href);
  const code = url.searchParams.get("start");
  url.searchParams.delete("start");
  url.searchParams.delete("lang"); // remembered by now
  history.replaceState(null, "", url);
  return code;
}

async function begin(tries = 0) {
  let told;
  try {
    told = await live.begin();
  } catch {
    showState(navigator.onLine ? "connecting" : "offline");
    setTimeout(() => begin(tries + 1), Math.min(15_000, 800 * 1.6 ** tries));
    return;
  }
  hasBegun = true;
  log.put(told.messages, { isFirst: true });
  noteOldest(told.messages);
  await outbox.load();
  refresh();
  toEnd();
  live.follow();
  const code = startCode();
  const isGreeting = [...outbox.all.values()].some((one) => one.kind === "start");
  if (code !== null || (told.fresh && !isGreeting)) outbox.add({ kind: "start", text: code ?? "" });
}

begin();
