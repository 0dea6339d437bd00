// The editor: typing, keys, saving, findings and other people's changes around one sheet.

import { byKey, enter, inputs, keysOf } from "./cells.js";
import { arbiter } from "./conflict.js";
import * as keys from "./keys.js";
import { apply } from "./marks.js";
import * as paste from "./paste.js";
import { Saver } from "./save.js";
import { show, tell } from "./state.js";

const poll = 3000, typing = 450;
const article = document.getElementById("sheet");

if (article) {
  const saver = new Saver(article, (body) => apply(body, article, (key) => saver.pending(key)), (c) => dispute(c));
  const dispute = arbiter(article, saver);
  const past = [], ahead = [];
  let timer = 0;

  const grow = (input) => {
    if (input.tagName !== "TEXTAREA") return;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  };

  function write(input, value) {
    input.value = value;
    grow(input);
    commit(input);
  }

  function commit(input) {
    clearTimeout(timer);
    const before = input.dataset.shown;
    if (input.value === before || input.readOnly) return;
    // A sum that is left as it was stays a sum.
    if (input.classList.contains("calc") && input.value === input.dataset.computed) return;
    past.push({ key: keysOf(input)[0], before, after: input.value });
    ahead.length = 0;
    store(input);
  }

  function store(input) {
    input.dataset.shown = input.value;
    input.classList.remove("calc");
    input.closest("td,th")?.classList.remove("calc", "theirs");
    saver.put(input, input.value);
  }

  const step = (from, to, side) => {
    const change = from.pop();
    const input = change && byKey(change.key);
    if (!input) return;
    to.push(change);
    input.value = change[side];
    grow(input);
    store(input);
    enter(input);
  };
  const undo = { back: () => step(past, ahead, "before"), forth: () => step(ahead, past, "after") };
  const revert = (input) => { input.value = input.dataset.shown; grow(input); };

  const line = (input) => input.closest("tr,.para-field,.foot-line")?.querySelector(".bal");
  const open = (input) => {
    const details = line(input);
    if (!details) return;
    details.open = true;
    details.querySelector("summary").focus();
  };

  article.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches(".ce")) return;
    grow(input);
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => commit(input), typing);
  });
  article.addEventListener("change", (event) => { if (event.target.matches(".ce")) commit(event.target); });
  article.addEventListener("focusin", (event) => {
    const input = event.target;
    if (!input.matches(".ce")) return;
    bar(input);
    document.querySelectorAll("tr.on").forEach((tr) => tr.classList.remove("on"));
    input.closest("tr")?.classList.add("on");
    const details = line(input);
    document.querySelectorAll(".bal[open]").forEach((other) => { if (other !== details) other.open = false; });
    if (details && matchMedia("(min-width: 1181px)").matches) details.open = true;
  });
  article.addEventListener("focusout", (event) => { if (event.target.matches(".ce")) commit(event.target); });
  // With scripts the form is never posted whole: cells are saved one by one, rows come and go by themselves.
  const form = article.closest("form");
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.name === "adopt") return;
    event.preventDefault();
    if (!(await saver.flush()) || button?.name !== "row") return;
    const before = new Set(inputs().flatMap(keysOf));
    const body = new URLSearchParams({ csrf: article.dataset.csrf, row: button.value });
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) { tell("这一步没有做成，请再试一次。"); return; }
    redraw(await answer.text());
    const fresh = inputs().find((input) => !keysOf(input).some((key) => before.has(key)) && !input.value);
    if (fresh) enter(fresh);
  });
  article.addEventListener("click", (event) => {
    const adopt = event.target.closest("[data-adopt]");
    const input = adopt && byKey(adopt.dataset.adopt);
    if (input) { event.preventDefault(); write(input, adopt.dataset.value); enter(input); }
  });

  keys.listen(article, { undo, commit, revert, open });
  paste.listen(article, write, tell);
  inputs().forEach(grow);
  document.querySelectorAll("[data-undo]").forEach((b) => b.addEventListener("click", undo.back));

  function bar(input) {
    const fx = document.getElementById("fx");
    if (!fx) return;
    const put = (name, text) => { fx.querySelector(`[data-fx="${name}"]`).textContent = text; };
    put("place", Number(input.dataset.row) ? `行${input.dataset.row} 列${input.dataset.col}` : "表下");
    put("label", input.dataset.label);
    put("unit", input.dataset.unit ? `单位 ${input.dataset.unit}` : "");
    put("last", input.dataset.last ? `上年 ${input.dataset.last}` : "");
    put("computed", input.dataset.computed ? `按公式 ${input.dataset.computed}` : "");
    const remark = fx.querySelector("[data-fx=remarks]");
    if (remark) remark.href = `${article.dataset.history}?cell=${encodeURIComponent(keysOf(input)[0])}`;
  }

  // Rows came or went: the table is drawn anew.
  function redraw(page) {
    const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("sheet");
    if (!fresh) return;
    article.innerHTML = fresh.innerHTML;
    Object.assign(article.dataset, fresh.dataset);
    inputs().forEach(grow);
  }

  addEventListener("desk:shape", async () => {
    if (saver.count()) return;
    const key = document.activeElement?.dataset?.keys?.split(" ")[0];
    const page = await fetch(location.href).then((r) => (r.ok ? r.text() : "")).catch(() => "");
    redraw(page);
    const input = key && byKey(key);
    if (input) enter(input);
  });

  setInterval(async () => {
    if (document.hidden || saver.busy || navigator.onLine === false) return;
    const answer = await fetch(`${article.dataset.changes}?seen=${article.dataset.seen}`).catch(() => null);
    if (!answer) { if (saver.count()) show("kept", saver.count()); return; }
    if (answer.status === 204 || !answer.ok) return;
    const body = await answer.json().catch(() => null);
    if (body) apply(body, article, (k) => saver.pending(k) || (document.activeElement === byKey(k) && byKey(k).value !== byKey(k).dataset.shown));
  }, poll);

  saver.restore();
  const target = location.hash.startsWith("#c-") && byKey(decodeURIComponent(location.hash.slice(3)));
  if (target) enter(target);
}
