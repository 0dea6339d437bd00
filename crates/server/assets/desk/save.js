// Each changed cell is kept in this browser first, then sent with the revision it was based on; sent again until the server answers.

import { byKey, keysOf, revisionsOf, setRevision } from "./cells.js";
import { show, say } from "./state.js";

const pause = 350, again = 4000;

export class Saver {
  /** `answered` is called with every answer of the server, `disputed` with each cell that another person changed meanwhile. */
  constructor(article, answered, disputed) {
    this.article = article;
    this.answered = answered;
    this.disputed = disputed;
    this.name = `desk ${article.dataset.person} ${article.dataset.sheet}`;
    const kept = this.read();
    this.waiting = new Map(kept.waiting); // address → { value, base }
    this.sent = kept.sent;                // { id, cells } that has not been answered
    this.timer = 0;
    this.busy = false;
    addEventListener("online", () => this.soon(0));
    addEventListener("offline", () => this.tell());
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name));
      return { waiting: kept?.waiting ?? [], sent: kept?.sent ?? null };
    } catch { return { waiting: [], sent: null }; }
  }

  keep() {
    try {
      if (!this.waiting.size && !this.sent) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify({ waiting: [...this.waiting], sent: this.sent }));
    } catch { /* a full or closed storage: the cells are still in the page */ }
  }

  /** Puts what an earlier visit could not send back into the sheet. */
  restore() {
    const cells = [...(this.sent?.cells ?? []).map((c) => [c.key, c]), ...this.waiting];
    for (const [key, cell] of cells) {
      const input = byKey(key);
      if (input) input.value = cell.value;
    }
    if (cells.length) { this.tell(); this.soon(0); }
  }

  /** A cell has a new text. */
  put(input, value) {
    const revisions = revisionsOf(input);
    keysOf(input).forEach((key, at) => {
      const base = this.waiting.get(key)?.base ?? revisions[at];
      this.waiting.set(key, { value, base });
    });
    this.keep();
    this.tell();
    this.soon(pause);
  }

  /** A person chose this text although another one stands there. */
  insist(key, value, base) {
    this.waiting.set(key, { value, base });
    this.keep();
    this.soon(0);
  }

  pending(key) {
    return this.waiting.has(key) || Boolean(this.sent?.cells.some((c) => c.key === key));
  }

  count() {
    return new Set([...this.waiting.keys(), ...(this.sent?.cells ?? []).map((c) => c.key)]).size;
  }

  tell() {
    if (navigator.onLine === false) show("kept", this.count());
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  async send() {
    if (this.busy || (!this.sent && !this.waiting.size)) return;
    if (!this.sent) {
      const cells = [...this.waiting].map(([key, cell]) => ({ key, ...cell }));
      this.sent = { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, cells };
      this.waiting.clear();
      this.keep();
    }
    this.busy = true;
    show("saving");
    let answer;
    try {
      answer = await fetch(this.article.dataset.save, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": this.sent.id,
          "x-csrf": this.article.dataset.csrf,
        },
        body: JSON.stringify({ cells: this.sent.cells, seen: Number(this.article.dataset.seen) }),
      });
    } catch { answer = null; }
    this.busy = false;
    if (!answer || answer.status >= 500) {
      show("kept", this.count());
      this.soon(again);
      return;
    }
    if (answer.status === 401 || answer.status === 403) {
      show("failed", `请重新登录，改的 ${this.count()} 格还在本机。`);
      return;
    }
    const body = await answer.json().catch(() => null);
    if (!answer.ok || !body) {
      // What the server will not take is not tried for ever; it stays here and goes along with the next change.
      show("failed", body?.why ?? `改的 ${this.count()} 格还在页面上，请刷新后再试。`);
      for (const { key, value, base } of this.sent.cells) {
        if (!this.waiting.has(key)) this.waiting.set(key, { value, base });
      }
      this.sent = null;
      this.keep();
      return;
    }
    this.take(body);
  }

  /** Sends what waits and comes back when all of it is answered, or when that does not work now. */
  async flush() {
    clearTimeout(this.timer);
    for (let turn = 0; turn < 50 && this.count() && navigator.onLine !== false; turn++) {
      if (this.busy) await new Promise((done) => setTimeout(done, 100));
      else await this.send();
    }
    return this.count() === 0;
  }

  take(body) {
    const sent = this.sent.cells;
    this.sent = null;
    for (const { key, revision } of body.saved) {
      const input = byKey(key);
      if (input) setRevision(input, key, revision);
      const later = this.waiting.get(key);
      if (later) later.base = revision;
    }
    for (const conflict of body.conflicts) {
      const mine = sent.find((c) => c.key === conflict.key)?.value ?? "";
      this.disputed({ ...conflict, mine });
    }
    this.keep();
    this.answered(body);
    if (this.waiting.size) this.soon(pause);
    else if (!body.conflicts.length) show("saved", body.at);
    else say("有一格两人同改，请选一个值。");
  }
}
