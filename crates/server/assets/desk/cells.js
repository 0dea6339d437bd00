// The cells of the sheet as a grid: which input stands where, and which one is next in a direction.

export const sheet = () => document.getElementById("sheet");

/** All inputs in reading order. */
export const inputs = () => [...document.querySelectorAll("#sheet .ce")];

/** The input that holds an address. */
export function byKey(key) {
  return inputs().find((input) => keysOf(input).includes(key)) ?? null;
}

/** The addresses under which an input is kept: several for a merged cell. */
export const keysOf = (input) => input.dataset.keys.split(" ");

/** The revision of each address that the input shows. */
export const revisionsOf = (input) => input.dataset.revs.split(" ").map(Number);

/** Notes that an address was saved. */
export function setRevision(input, key, revision) {
  const at = keysOf(input).indexOf(key);
  const all = revisionsOf(input);
  all[at] = revision;
  input.dataset.revs = all.join(" ");
}

const place = (input) => {
  const cell = input.closest("td,th");
  const row = Number(input.dataset.row), col = Number(input.dataset.col);
  return { row, col, right: col + (cell?.colSpan ?? 1) - 1, bottom: row + (cell?.rowSpan ?? 1) - 1 };
};

/** The next input in a direction, the nearest column first; null at the edge. */
export function neighbour(input, direction) {
  const all = inputs(), from = place(input);
  if (direction === "next" || direction === "previous") {
    const open = all.filter((i) => i === input || !i.classList.contains("calc"));
    const at = open.indexOf(input) + (direction === "next" ? 1 : -1);
    return open[at] ?? null;
  }
  const level = direction === "left" || direction === "right";
  let best = null, nearest = Infinity;
  for (const other of all) {
    if (other === input) continue;
    const to = place(other);
    const sameRow = to.row <= from.bottom && from.row <= to.bottom && from.row > 0 && to.row > 0;
    const gap = { left: from.col - to.right, right: to.col - from.right, up: from.row - to.bottom, down: to.row - from.bottom }[direction];
    if (level ? !sameRow || gap <= 0 : gap <= 0) continue;
    const aside = level ? Math.abs(to.row - from.row) : Math.max(0, to.col - from.col, from.col - to.right);
    const distance = gap * 100 + aside;
    if (distance < nearest) [best, nearest] = [other, distance];
  }
  return best;
}

/** The inputs that a block of so many rows and columns covers, beginning at one: rows of inputs, missing ones null. */
export function block(input, rows, columns) {
  const out = [];
  const from = place(input);
  const lines = [...new Set(inputs().map((i) => place(i).row))].filter((r) => r >= from.row).sort((a, b) => a - b);
  for (let r = 0; r < rows; r++) {
    const line = inputs().filter((i) => place(i).row === lines[r] && place(i).col >= from.col);
    out.push(Array.from({ length: columns }, (_, c) => line[c] ?? null));
  }
  return out;
}

/** Goes to an input as a spreadsheet does: the whole text is chosen, so that typing replaces it. */
export function enter(input) {
  input.focus();
  input.select();
  input.scrollIntoView({ block: "nearest", inline: "nearest" });
}
