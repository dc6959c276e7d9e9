// Signing on a screen: draws, keeps what was drawn when the screen turns, sends it once.
import SignaturePad from "./vendor/signature_pad.min.js";

const say = JSON.parse(document.getElementById("facts").textContent);
const canvas = document.getElementById("pad");
const form = document.getElementById("form");
const hint = document.getElementById("hint");
const send = document.getElementById("send");
const pad = new SignaturePad(canvas, { penColor: "#10201d", backgroundColor: "#ffffff", minWidth: 0.8, maxWidth: 2.8 });

function fit() {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const drawn = pad.toData();
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.clear();
  pad.fromData(drawn);
  look();
}

function look() {
  send.disabled = pad.isEmpty();
}

function tell(words, isWrong = false) {
  hint.textContent = words;
  hint.classList.toggle("wrong", isWrong);
}

async function deliver() {
  const body = JSON.stringify({ png: pad.toDataURL("image/png"), strokes: pad.toData() });
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { "content-type": "application/json", "x-fieldhand": "1" },
    body,
  });
  return answer.status;
}

async function submit(event) {
  event.preventDefault();
  if (pad.isEmpty()) {
    tell(say.empty, true);
    return;
  }
  send.disabled = true;
  tell(say.sending);
  const status = await deliver().catch(() => 0);
  if (status === 200) {
    form.hidden = true;
    document.querySelector(".report").hidden = true;
    document.getElementById("done").hidden = false;
    return;
  }
  tell(status === 410 ? say.over : say.failed, true);
  send.disabled = status === 410;
}

pad.addEventListener("endStroke", look);
document.getElementById("clear").addEventListener("click", () => {
  pad.clear();
  look();
});
document.getElementById("undo").addEventListener("click", () => {
  pad.fromData(pad.toData().slice(0, -1));
  look();
});
form.addEventListener("submit", submit);
window.addEventListener("resize", fit);
fit();
