// Photos and recordings that wait for a signal. They survive a closed page where the browser has a database.

const NAME = "fieldhand";
const kept = new Map(); // for browsers without one, and so that nothing waits for the disk

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("blobs");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function withBlobs(mode, work) {
  const base = await open();
  try {
    return await new Promise((done, failed) => {
      const deal = base.transaction("blobs", mode);
      const asked = work(deal.objectStore("blobs"));
      deal.oncomplete = () => done(asked.result);
      deal.onerror = deal.onabort = () => failed(deal.error);
    });
  } finally {
    base.close();
  }
}

/** Whether it will still be there after the page was closed. */
export async function keepBlob(id, blob) {
  kept.set(id, blob);
  try {
    await withBlobs("readwrite", (blobs) => blobs.put(blob, id));
    return true;
  } catch {
    return false; // private windows and full disks: it still goes out while the page is open
  }
}

export async function loadBlob(id) {
  if (kept.has(id)) return kept.get(id);
  try {
    return (await withBlobs("readonly", (blobs) => blobs.get(id))) ?? null;
  } catch {
    return null;
  }
}

export async function dropBlob(id) {
  kept.delete(id);
  try {
    await withBlobs("readwrite", (blobs) => blobs.delete(id));
  } catch {
    return; // it was never kept there
  }
}
