// A block copied in Excel comes in as text; its values go into the cells from the current one on.

import { block } from "./cells.js";

/** Rows of cells: columns are parted by tabs, lines by breaks, and a cell with breaks in it stands in quotes. */
export function cut(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c === '"' && text[at + 1] === '"') { cell += '"'; at++; }
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === "\t") { rows.at(-1).push(cell.trim()); cell = ""; }
    else if (c === "\n") { rows.at(-1).push(cell.trim()); cell = ""; rows.push([]); }
    else if (c !== "\r") cell += c;
  }
  rows.at(-1).push(cell.trim());
  if (rows.length > 1 && rows.at(-1).every((c) => c === "")) rows.pop();
  return rows;
}

/** Takes blocks of more than one cell; a single text is pasted as everywhere. `put(input, text)` writes a cell. */
export function listen(article, put, tell) {
  article.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.matches(".ce") || input.dataset.free !== undefined || input.readOnly) return;
    const rows = cut(event.clipboardData.getData("text/plain"));
    const wide = Math.max(...rows.map((r) => r.length));
    if (rows.length === 1 && wide === 1) return;
    event.preventDefault();
    let put_in = 0, left = 0;
    const places = block(input, rows.length, wide);
    rows.forEach((row, r) => row.forEach((text, c) => {
      const place = places[r][c];
      if (!place) { left += text === "" ? 0 : 1; return; }
      if (place.classList.contains("calc") && (text === "" || text === place.value)) return;
      if (place.value !== text) { put(place, text); put_in += 1; }
    }));
    tell(left ? `粘贴了 ${put_in} 格；${left} 格超出这张表，没有放入。` : `粘贴了 ${put_in} 格。`);
  });
}
