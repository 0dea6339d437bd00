// The four states of saving, always in sight, and notes; spoken once the hands are still.

const still = 600;
let timer = 0;

const element = (id) => document.getElementById(id);

/** Shows one of: saved (a time), saving, kept (a number of cells), failed (a sentence). */
export function show(state, detail) {
  const words = {
    saved: `已保存 ${detail}`,
    saving: "正在保存",
    kept: detail ? `未连网，${detail} 格存在本机` : "未连网，改动会存在本机",
    failed: `没存上。${detail}`,
  }[state];
  const place = element("save-state");
  const letter = { saved: "P", saving: "N", kept: "W", failed: "E" }[state];
  place.className = `st ${letter}`;
  place.dataset.state = state;
  place.querySelector("use").setAttribute("href", `#i-${letter}`);
  place.querySelector("span").textContent = words;
  element("offline").hidden = state !== "kept";
  if (state === "kept") element("offline-count").textContent = String(detail);
  if (state !== "saving") say(words);
}

/** Has a sentence read out after a pause; later ones take its place. */
export function say(words) {
  clearTimeout(timer);
  timer = setTimeout(() => { element("spoken").textContent = words; }, still);
}

/** A sentence in the note above the sheet; empty text takes it away. */
export function tell(words) {
  const note = element("told");
  note.hidden = !words;
  note.querySelector("div").textContent = words;
  if (words) say(words);
}
