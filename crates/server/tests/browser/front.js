// Somebody without an account at the front page: choose, read, take away, paste, keys alone, without scripts, narrow, axe.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { strict as assert } from "node:assert";
import { chromium } from "playwright-core";

const { ADDRESS, BROWSER, SAMPLE, PICTURES } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
const told = [];

async function visitor(size = { width: 1366, height: 900 }, more = {}) {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN", acceptDownloads: true, ...more });
  const page = await context.newPage();
  page.on("pageerror", (error) => told.push(`page error: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error") told.push(`console: ${message.text()}`); });
  return page;
}

/** No violation of WCAG 2.2 AA that axe finds; its script needs a page whose policy lets it in. */
async function accessible(address, what, size) {
  const page = await visitor(size, { bypassCSP: true });
  await address(page);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  for (const v of found.violations) told.push(`axe, ${what}: ${v.id} ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
  await page.context().close();
}

const check = async (page) => {
  await page.goto(`${ADDRESS}/`);
  await page.setInputFiles("input[type=file]", SAMPLE);
  await page.waitForURL(`${ADDRESS}/check`);
};

// Choosing a file is all: the results come by themselves, and the commented file is one click away.
const page = await visitor();
await page.goto(`${ADDRESS}/`);
await page.screenshot({ path: `${PICTURES}/front.png` });
const begin = Date.now();
await check(page);
const took = Date.now() - begin;
await page.getByText("编制数两处不一致").first().waitFor();
await page.screenshot({ path: `${PICTURES}/front-result.png` });
for (const [button, beginning] of [[/批注/, "PK"], [/清单/, "PK"]]) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  const bytes = readFileSync(await download.path());
  assert.equal(bytes.subarray(0, 2).toString(), beginning, download.suggestedFilename());
  assert.ok(bytes.length > 5000, download.suggestedFilename());
}

// Keys alone: J goes to the first finding, 1 hides errors, Tab reaches the file field of the front page.
await page.keyboard.press("j");
assert.ok(await page.evaluate(() => !!document.activeElement.closest(".fd")), "J goes to a finding");
await page.goto(`${ADDRESS}/`);
for (let n = 0; n < 12 && !(await page.evaluate(() => document.activeElement.matches("input[type=file]"))); n++) await page.keyboard.press("Tab");
assert.ok(await page.evaluate(() => document.activeElement.matches("input[type=file]")), "Tab reaches the file field");

// A file that cannot be read gets a sentence and a way back.
await page.setInputFiles("input[type=file]", { name: "坏.docx", mimeType: "application/octet-stream", buffer: Buffer.from("PK\u0003\u0004 broken") });
await page.waitForURL(`${ADDRESS}/check`);
assert.ok((await page.textContent("main")).includes("坏.docx"), "the file is named");
await page.screenshot({ path: `${PICTURES}/front-error.png` });

// What a file is called, and what stands in it, is never markup.
await page.goto(`${ADDRESS}/`);
const hostile = "<html><body><table><tr><td>项目名称</td><td>&lt;script&gt;document.title='x'&lt;/script&gt;<img src=x onerror=\"document.title='x'\"></td></tr></table></body></html>";
await page.setInputFiles("input[type=file]", { name: "<img src=x onerror=alert(1)>.html", mimeType: "text/html", buffer: Buffer.from(hostile) });
await page.waitForURL(`${ADDRESS}/check`);
assert.notEqual(await page.title(), "x");
assert.equal(await page.locator("img").count(), 0);

// Without scripts: choose, press the button.
const plain = await visitor(undefined, { javaScriptEnabled: false });
await plain.goto(`${ADDRESS}/`);
await plain.setInputFiles("input[type=file]", SAMPLE);
await Promise.all([plain.waitForURL(`${ADDRESS}/check`), plain.getByRole("button", { name: "核对" }).click()]);
assert.ok((await plain.textContent("body")).includes("编制数两处不一致"));

// On a telephone nothing but tables goes beyond the edge.
const narrow = await visitor({ width: 360, height: 740 });
await narrow.goto(`${ADDRESS}/`);
await narrow.screenshot({ path: `${PICTURES}/front-phone.png` });
assert.ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= 360), "the front page fits 360 px");
await check(narrow);
await narrow.screenshot({ path: `${PICTURES}/front-phone-result.png` });
assert.ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= 360), "the results fit 360 px");

for (const [size, width] of [[{ width: 1366, height: 900 }, 1366], [{ width: 360, height: 740 }, 360]]) {
  for (const path of ["/", "/sample", "/sign-in", "/nowhere"]) await accessible((p) => p.goto(`${ADDRESS}${path}`), `${path} at ${width}`, size);
  await accessible(check, `results at ${width}`, size);
}

await browser.close();
assert.deepEqual(told.filter((line) => !/status of (404|422|400)/.test(line)), []);
console.log(`front page in a browser: passed; results ${took} ms after the file was chosen`);
