// Photos of the conversation, large, one after the other.

const box = document.getElementById("lightbox");
const stage = box.querySelector(".stage");
const picture = box.querySelector("img");
const [previous, next] = ["previous", "next"].map((name) => box.querySelector(`[data-do="${name}"]`));
let all = [];
let at = 0;

export function enlarge(image) {
  all = [...document.querySelectorAll(".photos img")];
  show(all.indexOf(image));
  box.showModal();
}

function show(index) {
  at = Math.max(0, Math.min(index, all.length - 1));
  picture.src = all[at].src;
  picture.alt = all[at].alt;
  previous.hidden = at === 0;
  next.hidden = at === all.length - 1;
  box.classList.remove("large");
}

box.addEventListener("click", (event) => {
  const wanted = event.target.closest("[data-do]")?.dataset.do;
  if (wanted === "previous") show(at - 1);
  else if (wanted === "next") show(at + 1);
  else if (event.target === picture) box.classList.toggle("large");
  else box.close();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") show(at - 1);
  if (event.key === "ArrowRight") show(at + 1);
});
box.addEventListener("close", () => picture.removeAttribute("src"));

let begun = null;
stage.addEventListener("touchstart", (event) => (begun = event.touches.length === 1 ? event.touches[0].clientX : null), { passive: true });
stage.addEventListener("touchend", (event) => {
  const isZoomed = box.classList.contains("large") || (window.visualViewport?.scale ?? 1) > 1.05;
  if (begun === null || isZoomed) return;
  const moved = event.changedTouches[0].clientX - begun;
  if (Math.abs(moved) > 60) show(at + (moved < 0 ? 1 : -1));
});
