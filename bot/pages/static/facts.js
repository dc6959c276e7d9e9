// What the server wrote into the page, and how moments are shown in it.

export const facts = JSON.parse(document.getElementById("facts").textContent);

export function say(text, values = {}) {
  return (facts.texts[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** An address of our own server, always in the name of the seat that this page speaks for. */
export function address(path, values = {}) {
  const url = new URL(path, location.origin);
  if (facts.seat) url.searchParams.set("seat", facts.seat);
  for (const [name, value] of Object.entries(values)) {
    if (value !== "" && value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

/** Not `randomUUID`: browsers give that only to pages on https. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
}

const LOCALES = { "zh-Hant": "zh-TW", "zh-Hans": "zh-CN", en: "en-GB" };
const locale = LOCALES[facts.language] ?? "en-GB";
const inZone = (options) => new Intl.DateTimeFormat(locale, { timeZone: facts.zone, ...options });
const clock = inZone({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const near = inZone({ month: "long", day: "numeric", weekday: "short" });
const far = inZone({ year: "numeric", month: "long", day: "numeric", weekday: "short" });
const plainDay = new Intl.DateTimeFormat("en-CA", { timeZone: facts.zone, year: "numeric", month: "2-digit", day: "2-digit" });

export const timeOf = (at) => clock.format(at);

/** The calendar day in the company's zone, as YYYY-MM-DD. */
export const dayOf = (at) => plainDay.format(at);

export function dayName(at) {
  const now = Date.now();
  const day = dayOf(at);
  if (day === dayOf(now)) return say("page.today");
  if (day === dayOf(now - 86_400_000)) return say("page.yesterday");
  return (day.slice(0, 4) === dayOf(now).slice(0, 4) ? near : far).format(at);
}

export function lengthOf(seconds) {
  const whole = Math.max(0, Math.round(seconds) || 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
