// A cell that two people changed: both values are shown and kept until a person chooses.

import { byKey, keysOf, setRevision } from "./cells.js";
import { say } from "./state.js";

/** `saver.insist` sends the value that was chosen. */
export function arbiter(article, saver) {
  const open = new Map();
  const name = `desk-both ${article.dataset.person} ${article.dataset.sheet}`;
  const keep = () => {
    try {
      if (open.size) localStorage.setItem(name, JSON.stringify([...open.values()]));
      else localStorage.removeItem(name);
    } catch { /* still in the page */ }
  };
  const note = document.getElementById("conflict");

  function show() {
    note.replaceChildren();
    note.hidden = open.size === 0;
    for (const c of open.values()) {
      const input = byKey(c.key);
      const line = document.createElement("div");
      const words = document.createElement("b");
      words.textContent = `${c.by} ${c.at} 也改了“${input?.dataset.label ?? c.key}”：他填 ${c.theirs || "空"}，您填 ${c.mine || "空"}。`;
      const more = document.createElement("span");
      more.textContent = "两个值都留着，请选一个。";
      const acts = document.createElement("div");
      acts.className = "acts";
      acts.append(
        button(`用 ${c.mine || "空"}（我的）`, () => choose(c, c.mine, true)),
        button(`用 ${c.theirs || "空"}（${c.by}）`, () => choose(c, c.theirs, false)),
      );
      const past = document.createElement("a");
      past.className = "btn slim";
      past.href = `${article.dataset.history}?cell=${encodeURIComponent(c.key)}`;
      past.textContent = "看这一格的历史";
      acts.append(past);
      line.append(words, more, acts);
      note.append(line);
      input?.closest("td,th,.foot-field")?.classList.add("both");
    }
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn slim";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function choose(c, value, mine) {
    open.delete(c.key);
    keep();
    const input = byKey(c.key);
    if (input) {
      input.value = input.dataset.shown = value;
      setRevision(input, c.key, c.revision);
      input.closest("td,th,.foot-field")?.classList.remove("both");
      input.focus();
    }
    if (mine) saver.insist(c.key, value, c.revision);
    show();
  }

  try {
    for (const c of JSON.parse(localStorage.getItem(name)) ?? []) open.set(c.key, c);
  } catch { /* nothing kept */ }
  if (open.size) show();

  return (c) => {
    const input = byKey(c.key);
    if (c.theirs === c.mine) {
      if (input) setRevision(input, c.key, c.revision);
      return;
    }
    // A merged cell is one cell to a person: the first of its addresses asks.
    if (input && keysOf(input)[0] !== c.key && open.has(keysOf(input)[0])) {
      setRevision(input, c.key, c.revision);
      return;
    }
    open.set(c.key, c);
    keep();
    show();
    say(`${c.by} 也改了这一格，请选一个值。`);
  };
}
