// Photos made small enough for a weak signal, and recordings.

const BIG = 1024 * 1024;
const MOST_PIXELS = 2000;
const SOUNDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
export const MOST_UPLOAD = 25 * 1024 * 1024;
export const LONGEST_RECORDING = 600;

/** The photo itself, or a smaller copy of it; whatever this browser can't open stays as it is. */
export async function shrink(file) {
  if (file.size <= BIG || file.type === "image/gif" || !window.createImageBitmap) return file;
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, MOST_PIXELS / Math.max(whole.width, whole.height));
    const [width, height] = [whole.width, whole.height].map((one) => Math.max(1, Math.round(one * scale)));
    const small = await createImageBitmap(whole, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
    whole.close();
    const sheet = document.createElement("canvas");
    Object.assign(sheet, { width, height });
    sheet.getContext("bitmaprenderer").transferFromImageBitmap(small);
    const copy = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.86));
    return copy && copy.size < file.size ? copy : file;
  } catch {
    return file;
  }
}

export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
}

/** A running recording. Raises when the microphone is refused. */
export async function record() {
  const line = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = SOUNDS.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(line, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : {});
  const pieces = [];
  const begun = Date.now();
  recorder.addEventListener("dataavailable", (event) => event.data.size && pieces.push(event.data));
  recorder.start(1000);
  const finish = () =>
    new Promise((done) => {
      recorder.addEventListener("stop", () => done(new Blob(pieces, { type: recorder.mimeType })), { once: true });
      recorder.stop();
      line.getTracks().forEach((one) => one.stop());
    });
  return {
    seconds: () => Math.round((Date.now() - begun) / 1000),
    finish,
    cancel: () => void finish(),
  };
}

/** Where the device is. Raises when the person or the browser says no. */
export function findPlace() {
  return new Promise((done, failed) => {
    if (!navigator.geolocation) return failed(new Error("none"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lat: coords.latitude, lon: coords.longitude }),
      failed,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}
