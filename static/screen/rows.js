// The rows that the screen knows, and the digest by which it notices that it lost a frame.

const FIELDS = ["id", "plate", "stage", "promise", "first", "reason", "key", "version"];
const rows = new Map();

export function replace(all) {
  const known = new Map(rows);
  rows.clear();
  for (const row of all) rows.set(row.id, newer(known.get(row.id), row));
}

// Frames and answers may overtake one another: an older version never wins.
const newer = (known, row) => (known && known.version > row.version ? known : row);

export function put(row) {
  const known = rows.get(row.id);
  if (known && known.version > row.version) return false;
  rows.set(row.id, row);
  return !known || known.stage !== row.stage;
}

export function remove(id) {
  rows.delete(id);
}

export function sorted() {
  return [...rows.values()].sort((a, b) => (sign(a) < sign(b) ? -1 : 1));
}

const sign = (row) => row.key + row.id;

// FNV-1a over UTF-16 units, as workshop/screen/rules.py computes it.
export function digest() {
  const ordered = [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const text = ordered.map((row) => FIELDS.map((field) => row[field]).join("|")).join("\n");
  let number = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    number = Math.imul(number ^ text.charCodeAt(place), 0x01000193);
  }
  return (number >>> 0).toString(16).padStart(8, "0");
}
