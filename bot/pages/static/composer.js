// Where the person answers: words, photos, a recording, a place.

import { facts, lengthOf, newId, say } from "./facts.js";
import { canRecord, findPlace, LONGEST_RECORDING, MOST_UPLOAD, record, shrink } from "./media.js";
import { storage } from "./outbox.js";
import { icon, make, toast } from "./parts.js";

const MOST_TEXT = 2000;
const DRAFT = `fieldhand.draft.${facts.seat || "me"}`;
const KEYBOARDS = { number: "decimal", phone: "tel" };
const FILLS = { phone: "tel", contact: "name", location: "street-address" };
const isTouch = window.matchMedia("(pointer: coarse)").matches;
const by = (id) => document.getElementById(id);

export class Composer {
  /** `say(said, blob)` sends. */
  constructor(send) {
    this.send = send;
    this.words = by("words");
    this.reply = null;
    this.recording = null;
    this.words.value = storage().getItem(DRAFT) ?? "";
    this.listen();
    this.fit();
  }

  listen() {
    by("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.words.addEventListener("input", () => this.fit());
    this.words.addEventListener("keydown", (event) => {
      const isComposing = event.isComposing || event.keyCode === 229; // Enter also chooses a character in an input method
      if (event.key !== "Enter" || event.shiftKey || isComposing) return;
      event.preventDefault();
      this.say();
    });
    by("attach").addEventListener("click", () => this.open(by("attaching").hidden));
    by("attaching").addEventListener("click", (event) => {
      const wanted = event.target.closest("[data-take]")?.dataset.take;
      if (!wanted) return;
      this.open(false);
      this.take(wanted);
    });
    by("attaching").addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const all = [...by("attaching").children];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
      event.preventDefault();
    });
    document.addEventListener("click", (event) => !event.target.closest("#attaching, #attach") && this.open(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.escape());
    by("reply-cancel").addEventListener("click", () => this.answer(null));
    by("voice").addEventListener("click", () => this.take("voice"));
    by("voice-cancel").addEventListener("click", () => this.stopRecording(false));
    by("voice-send").addEventListener("click", () => this.stopRecording(true));
    for (const kind of ["photo", "camera", "voice", "file"]) {
      by(`pick-${kind}`).addEventListener("change", ({ target }) => {
        this.files([...target.files], kind === "camera" ? "photo" : kind);
        target.value = "";
      });
    }
    this.words.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.files(files, "photo");
    });
    this.listenForDrops();
  }

  listenForDrops() {
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      by("drop").hidden = false;
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget === null && (by("drop").hidden = true));
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      by("drop").hidden = true;
      this.files([...event.dataTransfer.files], "photo");
    });
  }

  say() {
    const text = this.words.value.trim();
    if (!text) return;
    if ([...text].length > MOST_TEXT) return toast(say("page.error.long", { limit: MOST_TEXT.toLocaleString("en") }));
    this.send({ kind: "text", text, reply_to: this.reply?.id });
    this.words.value = "";
    this.answer(null);
    this.fit();
  }

  /** The box grows with its words; the send button takes the place of the microphone once there are some. */
  fit() {
    const { words } = this;
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight + 3, 148)}px`;
    const isEmpty = !words.value.trim();
    by("send").hidden = isEmpty;
    by("voice").hidden = !isEmpty;
    if (isEmpty) storage().removeItem(DRAFT);
    else
      try {
        storage().setItem(DRAFT, words.value);
      } catch {
        return; // a draft is not worth a word about a full disk
      }
  }

  open(isOpen) {
    by("attaching").hidden = !isOpen;
    by("attach").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) by("attaching").firstElementChild.focus({ preventScroll: true });
  }

  escape() {
    if (!by("attaching").hidden) {
      this.open(false);
      by("attach").focus();
    } else if (this.recording) this.stopRecording(false);
    else this.answer(null);
  }

  /** Answer one message in particular; null for none. */
  answer(message, words = "") {
    this.reply = message;
    by("replying").hidden = !message;
    by("replying-to").textContent = words;
    if (message) this.words.focus();
  }

  take(kind) {
    if (kind === "location") return this.place();
    if (kind === "voice") return this.startRecording();
    return by(`pick-${kind}`).click();
  }

  async files(files, wanted) {
    const album = files.length > 1 ? newId() : "";
    for (const file of files) {
      const isPhoto = wanted === "photo" && file.type.startsWith("image/");
      if (wanted === "photo" && !isPhoto) toast(say("page.not_photo"));
      const kind = isPhoto || wanted === "voice" ? wanted : "file";
      const blob = isPhoto ? await shrink(file) : file;
      if (blob.size > MOST_UPLOAD) toast(say("page.too_large", { name: file.name }));
      else await this.send({ kind, name: file.name, album, reply_to: undefined }, blob);
    }
  }

  async place() {
    const buttons = by("wish").querySelectorAll("button");
    buttons.forEach((one) => (one.disabled = true));
    toast(say("page.location_wait"));
    try {
      const place = await findPlace();
      toast(" ");
      by("toast").classList.remove("shown");
      this.send({ kind: "location", place });
    } catch {
      toast(say("page.location_denied"));
      this.words.focus();
    } finally {
      buttons.forEach((one) => (one.disabled = false));
    }
  }

  async startRecording() {
    if (!canRecord()) return by("pick-voice").click();
    try {
      this.recording = await record();
    } catch {
      return toast(say("page.voice_denied"));
    }
    by("composer").hidden = true;
    by("recording").hidden = false;
    by("voice-send").focus();
    const tick = () => {
      if (!this.recording) return;
      by("voice-time").textContent = lengthOf(this.recording.seconds());
      if (this.recording.seconds() >= LONGEST_RECORDING) this.stopRecording(true);
      else setTimeout(tick, 250);
    };
    tick();
    return undefined;
  }

  async stopRecording(isWanted) {
    const { recording } = this;
    this.recording = null;
    by("composer").hidden = false;
    by("recording").hidden = true;
    if (!recording) return;
    const seconds = recording.seconds();
    const sound = await recording.finish();
    if (isWanted && sound.size) this.send({ kind: "voice", seconds: Math.max(1, seconds) }, sound);
  }

  /** Offer what the last question asks for. */
  offer({ hint, placeholder }) {
    this.words.placeholder = placeholder || say("page.compose");
    this.words.inputMode = KEYBOARDS[hint] ?? "text";
    this.words.autocomplete = FILLS[hint] ?? "off";
    if (this.hint === hint) return;
    this.hint = hint;
    const wish = by("wish");
    wish.replaceChildren(...this.wishes(hint));
    wish.hidden = !wish.childElementCount;
    if ((hint === "number" || hint === "phone") && !isTouch && document.hasFocus()) this.words.focus({ preventScroll: true });
  }

  wishes(hint) {
    const big = (kind, sign, words) => {
      const button = make("button", { type: "button" }, icon(sign), words);
      button.addEventListener("click", () => this.take(kind));
      return button;
    };
    const photo = big("photo", "photo", say("page.photo"));
    if (hint === "location") return [big("location", "pin", say("page.location_share"))];
    if (hint === "voice") return [big("voice", "mic", say("page.voice"))];
    if (hint === "photo") return isTouch ? [big("camera", "camera", say("page.camera")), photo] : [photo];
    return hint === "date" ? this.dates() : [];
  }

  /** The day goes into the box, where an hour can still be added. */
  dates() {
    const input = make("input", { type: "date", tabindex: -1, "aria-hidden": "true" });
    const button = make("button", { type: "button" }, icon("date"), say("page.date"));
    button.addEventListener("click", () => {
      try {
        input.showPicker();
      } catch {
        input.click();
      }
    });
    input.addEventListener("change", () => {
      if (!input.value) return;
      this.words.value = `${input.value} `;
      this.fit();
      this.words.focus();
    });
    return [button, input];
  }
}
