// A voice note: play, pause, seek. Only one sounds at a time.

import { lengthOf, say } from "./facts.js";
import { icon, make } from "./parts.js";

let sounding = null;

/** `seconds` is what the recorder said: recordings straight from a browser don't know their own length. */
export function player(source, seconds = 0, broken = () => null) {
  const sound = new Audio();
  sound.preload = "metadata";
  sound.src = source;
  const button = make("button", { type: "button", "aria-label": say("page.play") }, icon("play"));
  const bar = make("input", { type: "range", min: 0, max: 1000, value: 0, "aria-label": say("page.voice_note") });
  const time = make("time", {}, lengthOf(seconds));
  const whole = () => (Number.isFinite(sound.duration) ? sound.duration : seconds) || 0;
  const show = () => {
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
    button.setAttribute("aria-label", say(sound.paused ? "page.play" : "page.pause"));
    time.textContent = lengthOf(sound.paused && !sound.currentTime ? whole() : sound.currentTime);
    bar.value = whole() ? Math.round((sound.currentTime / whole()) * 1000) : 0;
    bar.setAttribute("aria-valuetext", time.textContent);
  };
  button.addEventListener("click", () => {
    if (!sound.paused) return sound.pause();
    if (sounding && sounding !== sound) sounding.pause();
    sounding = sound;
    return sound.play().catch(() => null); // the "error" event below says what to do
  });
  bar.addEventListener("input", () => {
    if (whole()) sound.currentTime = (bar.value / 1000) * whole();
  });
  sound.addEventListener("ended", () => (sound.currentTime = 0));
  for (const name of ["play", "pause", "timeupdate", "loadedmetadata", "ended"]) sound.addEventListener(name, show);
  const box = make("div", { class: "player" }, button, bar, time);
  sound.addEventListener("error", () => {
    const instead = broken();
    if (instead) box.replaceWith(instead);
  });
  return box;
}
