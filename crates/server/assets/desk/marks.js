// An answer of the server comes in; sums, findings beside the rows and counts on the tabs are brought up to date.

import { byKey, inputs, keysOf, setRevision } from "./cells.js";
import { say } from "./state.js";

/** Brings the page up to date. `pending` says whether an address has an unsent change. */
export function apply(body, article, pending) {
  article.dataset.seen = body.seen;
  for (const change of body.changes ?? []) {
    const input = byKey(change.key);
    if (!input || pending(change.key)) continue;
    setRevision(input, change.key, change.revision);
    if (input.value === change.value || keysOf(input)[0] !== change.key) continue;
    input.value = change.value;
    input.dataset.shown = change.value;
    input.title = `${change.by} 改于 ${change.at}`;
    input.closest("td,th,.foot-field")?.classList.add("theirs");
  }
  for (const [key, cell] of Object.entries(body.computed)) {
    const input = byKey(key);
    if (!input) continue;
    input.dataset.computed = cell.gives ?? "";
    const calc = cell.open && !pending(key);
    input.classList.toggle("calc", calc);
    input.closest("td,th")?.classList.toggle("calc", calc);
    if (calc && document.activeElement !== input) input.value = input.dataset.shown = cell.gives ?? "";
  }
  margins(body);
  counts(body);
  if (body.shape !== article.dataset.shape) dispatchEvent(new Event("desk:shape"));
}

function margins(body) {
  const open = document.querySelector(".bal[open]")?.dataset.row;
  for (const holder of document.querySelectorAll("[data-margin]")) {
    const fresh = body.margins[holder.dataset.margin] ?? "";
    if (holder.dataset.is === fresh) continue;
    holder.dataset.is = fresh;
    // Made by the server from the same template as the page; every text in it is escaped there.
    holder.innerHTML = fresh;
    const details = holder.querySelector(".bal");
    if (details && details.dataset.row === open) details.open = true;
  }
  const list = document.getElementById("findings-list");
  if (list && body.list !== undefined) list.innerHTML = body.list;
  let fresh = 0;
  for (const input of inputs()) {
    const hit = keysOf(input).map((key) => body.hits[key]).find(Boolean);
    const cell = input.closest("td,th,.foot-field,.para-field");
    const before = input.getAttribute("aria-describedby") ?? "";
    cell?.classList.remove("hit", "E", "W", "H");
    if (hit) {
      cell?.classList.add("hit", hit.class);
      input.setAttribute("aria-describedby", hit.ids);
      if (hit.class === "E") input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (document.activeElement === input && hit.ids !== before) fresh += 1;
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    if (document.activeElement === input && fresh) say(hit.says);
  }
}

function counts(body) {
  for (const [sheet, html] of Object.entries(body.counts)) {
    const place = document.querySelector(`[data-counts="${CSS.escape(sheet)}"]`);
    if (place) place.innerHTML = html;
  }
  const why = document.getElementById("why-not");
  if (why && body.why !== undefined) why.textContent = body.why;
  const took = document.getElementById("took");
  if (took) took.textContent = `刚刚核对，${body.took} 毫秒`;
}
