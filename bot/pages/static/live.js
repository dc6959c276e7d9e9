// News from the server: a stream while the page is seen, questions now and then while it isn't or when the stream fails.

import { address } from "./facts.js";

const POLL = 2_500;
const LOOK_OVER = 20_000; // a proxy may hold the stream back without saying so
const MOST_AT_ONCE = 200;

export class Live {
  /** `news(messages)`, `note(plain)`, `state(word)`: connecting, online, reconnecting, offline; `lost()`: the server forgot us. */
  constructor({ news, note, state, lost }) {
    Object.assign(this, { news, note, state, lost });
    this.rev = 0;
    this.told = 0; // by the stream
    this.source = null;
    this.failures = 0;
    this.timer = 0;
    this.isHeldBack = false;
    this.isAsking = false;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.state("offline"));
    window.addEventListener("pageshow", (event) => event.persisted && this.wake());
  }

  /** The newest messages; raises when there is no signal. */
  async begin() {
    const told = await this.ask({});
    this.rev = told.rev;
    return told;
  }

  follow() {
    if (!this.isHeldBack && !document.hidden) this.openStream();
    this.lookLater();
  }

  async ask(values) {
    const answer = await fetch(address("/chat/api/state", values), { signal: AbortSignal.timeout?.(15_000) });
    if (answer.status === 401) this.lost();
    if (!answer.ok) throw new Error(`state ${answer.status}`);
    return answer.json();
  }

  openStream() {
    this.closeStream();
    const source = new EventSource(address("/chat/api/events", { since: this.rev }));
    this.source = source;
    source.addEventListener("open", () => {
      this.failures = 0;
      this.state("online");
    });
    source.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      this.told = message.rev;
      this.take([message]);
    });
    source.addEventListener("note", (event) => this.note(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      if (this.source !== source) return;
      this.failures += 1;
      this.state(navigator.onLine ? "reconnecting" : "offline");
      this.lookLater(400); // meanwhile by asking
      if (source.readyState !== EventSource.CLOSED) return;
      this.closeStream();
      setTimeout(() => !this.source && !document.hidden && this.openStream(), Math.min(15_000, 1000 * 2 ** this.failures));
    });
  }

  closeStream() {
    this.source?.close();
    this.source = null;
  }

  /** Browsers allow six lines to one server: pages in the background give theirs back. */
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => document.hidden && this.closeStream(), 20_000);
  }

  wake() {
    clearTimeout(this.resting);
    this.look();
    if (!this.source && !this.isHeldBack) this.openStream();
  }

  lookLater(wait = 0) {
    const isStreaming = this.source?.readyState === EventSource.OPEN;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait || (isStreaming || document.hidden ? LOOK_OVER : POLL));
  }

  async look() {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      let messages;
      let isNews = false;
      do {
        const before = this.rev;
        ({ messages } = await this.ask({ since: this.rev || "" }));
        if (this.take(messages) && before > 0) isNews = true;
      } while (messages.length >= MOST_AT_ONCE);
      if (isNews && this.source?.readyState === EventSource.OPEN) this.doubt(this.source, this.rev);
      if (!this.source || this.source.readyState === EventSource.OPEN) this.state("online");
    } catch {
      this.state(navigator.onLine ? "reconnecting" : "offline");
    } finally {
      this.isAsking = false;
      this.lookLater();
    }
  }

  /** The stream should tell this as well. When it doesn't, something on the way holds it back, and we ask from then on. */
  doubt(source, rev) {
    setTimeout(() => {
      if (this.source !== source || this.told >= rev) return;
      this.isHeldBack = true;
      this.closeStream();
    }, 5_000);
  }

  take(messages) {
    const fresh = messages.filter((one) => one.rev > this.rev);
    if (!fresh.length) return false;
    this.rev = Math.max(...fresh.map((one) => one.rev));
    this.news(fresh);
    return true;
  }
}
