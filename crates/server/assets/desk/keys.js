// Keys as in a spreadsheet: arrows, Tab, Enter, F2, Esc, F8, undo.

import { enter, inputs, neighbour } from "./cells.js";

const arrows = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

/** Listens on the sheet. `undo` has back() and forth(); `commit(input)` saves a cell that changed; `revert(input)` takes typing back. */
export function listen(article, { undo, commit, revert, open }) {
  let writing = false; // F2 or a second click: arrows move inside the text

  article.addEventListener("focusin", (event) => {
    if (event.target.matches(".ce")) writing = false;
  });
  // A click chooses the cell, so that typing replaces what stands there; F2, a double click or a second tap go into the text.
  let chosen = null;
  article.addEventListener("pointerdown", (event) => {
    const input = event.target;
    if (!input.matches(".ce") || input.dataset.free !== undefined) return;
    if (input !== document.activeElement) chosen = input;
    else if (event.pointerType !== "mouse") writing = true;
  });
  article.addEventListener("click", (event) => {
    const input = event.target;
    if (!input.matches(".ce") || input.dataset.free !== undefined) return;
    if (input === chosen || !writing) input.select();
    chosen = null;
  });
  article.addEventListener("dblclick", (event) => {
    if (event.target.matches(".ce")) writing = true;
  });
  article.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches(".ce") || event.isComposing) return;
    const go = (direction) => {
      const to = neighbour(input, direction);
      if (to) { event.preventDefault(); commit(input); enter(to); }
    };
    const { key, shiftKey: shift, ctrlKey, metaKey, altKey: alt } = event;
    const ctrl = ctrlKey || metaKey;
    const free = input.dataset.free !== undefined; // running text: Enter and arrows belong to it
    if (ctrl && !alt && (key === "z" || key === "Z")) {
      event.preventDefault();
      if (input.value !== input.dataset.shown) revert(input);
      else if (shift) undo.forth(); else undo.back();
    } else if (ctrl && (key === "y" || key === "Y")) {
      event.preventDefault();
      undo.forth();
    } else if (key === "F2") {
      event.preventDefault();
      writing = !writing;
      if (writing) input.setSelectionRange(input.value.length, input.value.length);
      else input.select();
    } else if (key === "Escape") {
      revert(input);
      writing = false;
      input.select();
    } else if (key === "F8") {
      event.preventDefault();
      commit(input);
      finding(input, shift ? -1 : 1);
    } else if (alt && key === "ArrowDown") {
      event.preventDefault();
      open(input);
    } else if (key === "Tab") {
      go(shift ? "previous" : "next"); // at the ends, Tab leaves the sheet as everywhere
    } else if (key === "Enter" && !free) {
      if (alt) {
        event.preventDefault();
        input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end");
        input.dispatchEvent(new Event("input", { bubbles: true }));
      } else {
        const to = neighbour(input, shift ? "up" : "down");
        event.preventDefault();
        commit(input);
        if (to) enter(to);
      }
    } else if (arrows[key] && !free && !writing && !shift && !ctrl && !alt) {
      go(arrows[key]);
    }
  });
  // From anywhere on the page.
  addEventListener("keydown", (event) => {
    if (event.key === "F8" && !event.defaultPrevented) {
      event.preventDefault();
      finding(document.activeElement, event.shiftKey ? -1 : 1);
    }
  });
}

/** Goes to the next or the previous cell with a finding, round the ends. */
export function finding(from, step) {
  const stops = inputs().filter((input) => input.closest(".hit") !== null);
  if (!stops.length) return;
  const all = inputs();
  const at = all.indexOf(from);
  const ahead = step > 0 ? stops.find((s) => all.indexOf(s) > at) : stops.findLast((s) => at < 0 || all.indexOf(s) < at);
  enter(ahead ?? (step > 0 ? stops[0] : stops[stops.length - 1]));
}
