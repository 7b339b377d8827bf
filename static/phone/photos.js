// Photos that wait on the phone: made smaller here, so that five sides of a car go up a thin line in
// seconds, and kept in the browser's database, because the list of waiting acts holds words only.

const STORE = "workshop-photos";
const SHELF = "photos";
const LONGEST = 1600; // Pixels of the longer side: a scratch is still to be seen on paper.
const QUALITY = 0.82;
const FORGETFUL = new Map(); // Storage may be forbidden; then a photo lives as long as the page.

/** Lay a photo aside, smaller; gives what stands for it in the list. */
export async function keep(key, file) {
  const small = await reduce(file);
  FORGETFUL.set(key, small);
  await onShelf("readwrite", (shelf) => shelf.put(small, key)).catch(() => {});
  return { photo: key, name: small === file ? file.name : file.name.replace(/(\.\w+)?$/, ".jpg") };
}

/** The photo that was laid aside; nothing when the phone has it no more. */
export async function find(key) {
  const known = FORGETFUL.get(key);
  return known || onShelf("readonly", (shelf) => shelf.get(key)).catch(() => null);
}

export function forget(keys) {
  for (const key of keys) {
    FORGETFUL.delete(key);
    onShelf("readwrite", (shelf) => shelf.delete(key)).catch(() => {});
  }
}

async function reduce(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return small && small.size < file.size ? small : file;
  } catch {
    return file; // The server says what is no picture.
  }
}

async function onShelf(mode, act) {
  const store = await open();
  return new Promise((done, fail) => {
    const turn = store.transaction(SHELF, mode);
    const asked = act(turn.objectStore(SHELF));
    turn.oncomplete = () => (store.close(), done(asked.result));
    turn.onabort = turn.onerror = () => (store.close(), fail(turn.error));
  });
}

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(STORE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}
