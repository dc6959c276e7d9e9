// One message as the person sees it.

import { address, say, timeOf } from "./facts.js";
import { enlarge } from "./lightbox.js";
import { icon, make } from "./parts.js";
import { player } from "./player.js";

const ENDINGS = { "application/pdf": "PDF", "image/heic": "HEIC", "audio/amr": "AMR" };
const SAFE_LINKS = /^(https?:|tel:|mailto:|sms:|geo:)/i;
const TELEPHONE = /(\+\d[\d -]{6,17}\d)/;
const ONLY_EMOJI = /^(\p{Extended_Pictographic}[\p{Emoji_Modifier}\u200d\ufe0f]*){1,3}$/u;

/** Fill `line` with what `entry` says now. `log` answers about other messages, `act` is told what was tapped. */
export function draw(line, entry, log, act) {
  const { message, state } = entry;
  const { body, side } = message;
  line.classList.toggle("mine", side === "me");
  line.classList.toggle("unsent", state !== "stored");
  line.classList.toggle("buttoned", Boolean(body.rows?.length));
  line.classList.toggle("answered", Boolean(body.pressed));
  const box = make("div", { class: "body" }, bubble(entry, log), rows(entry, act), chosen(body));
  if (message.id) box.firstChild.append(answer(entry, act));
  const focused = document.activeElement?.closest?.(".press") && line.contains(document.activeElement) ? document.activeElement.dataset.token : "";
  line.replaceChildren(box, ...trouble(entry, act));
  if (focused) line.querySelector(`.press[data-token="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** A few words that stand for the whole message. */
export function gist(message) {
  const { body } = message;
  if (body.title || body.text) return [body.title, body.text].filter(Boolean).join(" · ").slice(0, 160);
  if (body.place) return say("page.location_sent");
  if (body.photos) return say("page.photo");
  return say(body.voices ? "page.voice_note" : "page.file");
}

function bubble({ message, preview, state }, log) {
  const { body, side } = message;
  const source = (sha256) => preview ?? address(`/chat/file/${sha256}`).href;
  const parts = [];
  if (body.reply_to) parts.push(quote(body.reply_to, log));
  if (body.photos?.length) parts.push(photos(body.photos, source, side));
  if (body.title) parts.push(make("h2", {}, body.title));
  if (body.text) parts.push(make("p", { class: ONLY_EMOJI.test(body.text) ? "text huge" : "text" }, ...spoken(body.text)));
  for (const one of body.voices ?? []) {
    const url = source(one);
    parts.push(player(url, body.seconds, () => file(url, say("page.voice_note"), "")));
  }
  for (const one of body.files ?? []) parts.push(...attachment(one, body, source));
  if (body.place) parts.push(place(body.place));
  const isShort = parts.length === 1 && Boolean(body.text) && !body.text.includes("\n");
  return make("div", { class: isShort ? "bubble short" : "bubble" }, ...parts, meta(message, state));
}

/** Words with each telephone in them one tap away from being called. */
function spoken(text) {
  return text.split(TELEPHONE).map((one, n) => (n % 2 ? make("a", { class: "call", href: `tel:${one.replaceAll(" ", "")}` }, one) : one));
}

function meta({ at, side, edited, body }, state) {
  const isOnlyPressed = Boolean(body.pressed) || body.rows?.length === 0;
  const words = edited && !isOnlyPressed ? `${say("page.edited")} ` : "";
  const time = make("time", { datetime: new Date(at).toISOString() }, timeOf(at));
  return make("div", { class: "meta" }, words, time, side === "me" ? mark(state) : null);
}

function mark(state) {
  const [name, words] = state === "stored" ? ["check", "page.stored"] : ["wait", state === "sending" ? "page.sending" : "page.waiting"];
  if (state === "failed" || state === "refused") return null;
  const sign = make("span", { class: `state-${state}`, role: "img", "aria-label": say(words), title: say(words) }, icon(name));
  return sign;
}

function trouble({ key, state, words }, act) {
  if (state === "waiting") return [problem("waiting", "wait", say("page.waiting"), () => act.retry(key))];
  if (state === "failed") return [problem("failed", "alert", [words, say("page.unsent")].filter(Boolean).join(" "), () => act.retry(key))];
  if (state === "refused") return [problem("refused", "alert", `${words} ${say("page.remove")}`, () => act.drop(key))];
  return [];
}

function problem(kind, sign, words, onclick) {
  const button = make("button", { type: "button", class: `trouble ${kind}` }, icon(sign), words);
  button.addEventListener("click", onclick);
  return button;
}

function quote(id, log) {
  const quoted = log.find(id);
  const button = make("button", { type: "button", class: "quote" }, make("span", {}, quoted ? gist(quoted) : "…"));
  button.addEventListener("click", () => log.reveal(id));
  return button;
}

function answer(entry, act) {
  const button = make("button", { type: "button", class: "answer", "aria-label": say("page.reply"), title: say("page.reply") }, icon("reply"));
  button.addEventListener("click", () => act.reply(entry.message));
  return button;
}

// Buttons

function rows({ message }, act) {
  const { rows: wanted, pressed } = message.body;
  if (!wanted?.length) return null;
  const taken = { isFree: true }; // two buttons may say the same; one of them was pressed
  const lines = wanted.map((row) => make("div", { class: "row" }, ...row.map((one) => button(one, message, pressed, taken, act))));
  return make("div", { class: "rows" }, ...lines);
}

function button(one, message, pressed, taken, act) {
  const kind = `press ${one.tone === "primary" || one.tone === "danger" ? one.tone : ""}`.trim();
  if (one.url) return link(one, kind);
  const isChosen = taken.isFree && pressed === one.label;
  if (isChosen) taken.isFree = false;
  const label = make("span", {}, one.label);
  const made = make("button", { type: "button", class: isChosen ? `${kind} chosen` : kind, "data-token": one.token });
  if (isChosen) made.setAttribute("aria-pressed", "true");
  made.append(...(isChosen ? [icon("check"), label] : [label]));
  made.addEventListener("click", () => act.press(message, one, made));
  return made;
}

function link(one, kind) {
  if (!SAFE_LINKS.test(one.url)) return null;
  const isCall = /^tel:/i.test(one.url);
  const outside = isCall ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return make("a", { class: kind, href: one.url, ...outside }, make("span", {}, one.label), icon(isCall ? "phone" : "link"));
}

/** Where the buttons are gone, what was chosen is still worth a word. */
function chosen({ pressed, rows: left }) {
  const isShown = left?.some((row) => row.some((one) => one.label === pressed));
  return pressed && !isShown ? make("p", { class: "chosen-word" }, icon("check"), say("page.chosen", { label: pressed })) : null;
}

// Attachments

function photos(all, source, side) {
  const shown = all.map((sha256) => {
    const image = make("img", { src: source(sha256), alt: say(side === "me" ? "page.picture_mine" : "page.picture"), decoding: "async" });
    const frame = make("button", { type: "button" }, image);
    frame.addEventListener("click", () => enlarge(image));
    image.addEventListener("error", () => frame.replaceWith(file(source(sha256), say("page.photo"), "")));
    return frame;
  });
  return make("div", { class: all.length > 1 ? "photos many" : "photos" }, ...shown);
}

function attachment(sha256, body, source) {
  const type = body.types?.[sha256] ?? "";
  if (/^image\/(jpeg|png|gif|webp)$/.test(type)) return [photos([sha256], source, "bot")];
  if (type.startsWith("audio/") && type !== "audio/amr") return [player(source(sha256), 0, () => file(source(sha256), say("page.voice_note"), type))];
  return [file(source(sha256), body.names?.[sha256] || say("page.file"), type)];
}

function file(url, name, type) {
  const kind = [ENDINGS[type], say("page.download")].filter(Boolean).join(" · ");
  const words = make("div", {}, make("b", {}, name), make("span", {}, kind));
  return make("a", { class: "file", href: url, download: true, target: "_blank" }, make("i", {}, icon("file")), words);
}

function place({ lat, lon }) {
  const where = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const url = document.documentElement.lang === "zh-Hans"
    ? `https://uri.amap.com/marker?position=${lon},${lat}&coordinate=wgs84`
    : `https://www.google.com/maps/search/?api=1&query=${lat},${lon}`;
  const words = make("div", {}, make("b", {}, where), make("span", {}, say("page.map")));
  return make("a", { class: "place", href: url, target: "_blank", rel: "noopener noreferrer" }, make("i", {}, icon("pin")), words);
}
