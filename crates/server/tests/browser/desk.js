// A clerk and a colleague at the workspace: begin, import, type, paste, two at one cell, offline, keys alone, narrow, axe.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { strict as assert } from "node:assert";
import { chromium } from "playwright-core";

const { ADDRESS, BROWSER, SAMPLE, PICTURES, FILING, LI, WANG } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox"] });
const told = [];

async function person(token, size = { width: 1366, height: 900 }) {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN", bypassCSP: true, permissions: ["clipboard-read", "clipboard-write"] });
  await context.addCookies([{ name: "jiheng", value: token, url: ADDRESS }]);
  const page = await context.newPage();
  page.on("pageerror", (error) => told.push(`page error: ${error.message}`));
  page.on("console", (message) => { if (message.type() === "error" && !/ERR_INTERNET|Failed to load/.test(message.text())) told.push(`console: ${message.text()}`); });
  return page;
}

const cell = (page, key) => page.locator(`[id="c-${key}"]`);
const saved = (page) => page.waitForSelector('#save-state[data-state="saved"]');
const picture = (page, name) => page.screenshot({ path: `${PICTURES}/desk-${name}.png` });

/** No violation of WCAG 2.2 AA that axe finds. */
async function accessible(page, what) {
  // What a bar at the top hides while one scrolls is not too small.
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  for (const v of found.violations) told.push(`axe, ${what}: ${v.id} ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | ")}`);
}

/** Types into a cell as a person does and waits until it is saved. */
async function type(page, key, text) {
  // Two clicks one after the other are a double click, which goes into the text.
  if (!(await cell(page, key).evaluate((input) => input === document.activeElement))) await cell(page, key).click();
  await page.keyboard.type(text);
  await Promise.all([page.waitForResponse((r) => r.url().endsWith("/cells")), page.keyboard.press("Enter")]);
  await saved(page);
}

async function step(name, work) {
  try { await work(); console.log(`ok ${name}`); }
  catch (error) { told.push(`${name}: ${error.stack?.split("\n").slice(0, 6).join("\n")}`); console.log(`FAILED ${name}`); }
}

const li = await person(LI);
let baseline = "";

await step("begin", async () => {
  await li.goto(`${ADDRESS}/desk`);
  await picture(li, "start");
  await accessible(li, "start");
  await li.getByRole("button", { name: "开始" }).click();
  await li.waitForURL(/told=filled/);
});

await step("error while typing, and its disappearance", async () => {
  await li.getByRole("link", { name: "基础数据表" }).first().click();
  baseline = li.url().split("#")[0];
  await type(li, "operating.budget", "149.75");
  await type(li, "operating.office.budget", "149.75");
  await type(li, "operating.utilities.budget", "22");
  await li.waitForFunction(() => document.getElementById("c-operating.budget").getAttribute("aria-invalid") === "true");
  const described = await cell(li, "operating.budget").getAttribute("aria-describedby");
  assert.ok(await li.locator(`[id="${described.split(" ")[0]}"]`).count(), "what describes it is there");
  await cell(li, "operating.budget").click();
  await picture(li, "error");
  await type(li, "operating.budget", "171.75");
  await li.waitForFunction(() => !document.getElementById("c-operating.budget").hasAttribute("aria-invalid"));
});

await step("sums while typing", async () => {
  await type(li, "three_publics.reception.outturn", "2.71");
  await type(li, "three_publics.vehicles.operation.outturn", "4.85");
  assert.equal(await cell(li, "three_publics.outturn").inputValue(), "7.56");
});

await step("keyboard alone", async () => {
  await cell(li, "three_publics.abroad.budget").focus();
  await li.keyboard.press("ArrowRight");
  assert.equal(await li.evaluate(() => document.activeElement.dataset.keys), "three_publics.abroad.outturn");
  await li.keyboard.press("ArrowDown");
  assert.equal(await li.evaluate(() => document.activeElement.dataset.keys), "three_publics.reception.outturn");
  await li.keyboard.type("3");
  await li.keyboard.press("Escape");
  assert.equal(await cell(li, "three_publics.reception.outturn").inputValue(), "2.71");
  await li.keyboard.type("3.00");
  await li.keyboard.press("Shift+Enter");
  assert.equal(await li.evaluate(() => document.activeElement.dataset.keys), "three_publics.abroad.outturn");
  await li.waitForFunction(() => document.getElementById("c-three_publics.outturn").value === "7.85");
  await li.keyboard.press("Control+z");
  await li.waitForFunction(() => document.getElementById("c-three_publics.outturn").value === "7.56");
  await li.keyboard.press("Control+y");
  await li.waitForFunction(() => document.getElementById("c-three_publics.outturn").value === "7.85");
  await li.keyboard.press("F8");
  assert.ok(await li.evaluate(() => document.activeElement.closest(".hit") !== null), "F8 stands on a finding");
  await li.keyboard.press("Tab");
  assert.ok(await li.evaluate(() => document.activeElement.matches(".ce")));
});

await step("a row is added and filled", async () => {
  await li.getByRole("button", { name: "“项目支出”加一行" }).click();
  await li.waitForFunction(() => document.activeElement?.id?.endsWith("/name"));
  await li.keyboard.type("山水项目");
  await li.keyboard.press("Tab");
  await saved(li);
});

await step("paste a block from Excel", async () => {
  await cell(li, "operating.utilities.prior_outturn").focus();
  await li.evaluate(() => navigator.clipboard.writeText("357.48\t22.00\t222.55\r\n28.10\t1.00\t22.67\r\n"));
  await li.keyboard.press("Control+v");
  await li.waitForFunction(() => document.getElementById("c-operating.meetings.outturn").value === "22.67");
  await li.waitForResponse((r) => r.url().endsWith("/cells"));
  await saved(li);
  await li.reload();
  assert.equal(await cell(li, "operating.utilities.outturn").inputValue(), "222.55");
});

await step("import of the unit's own file", async () => {
  await li.getByRole("link", { name: "导入 Word / Excel" }).click();
  await li.getByLabel("选择文件").setInputFiles(SAMPLE);
  await li.getByRole("button", { name: "预览" }).click();
  await li.getByText("没有认出的").waitFor();
  await picture(li, "import");
  await accessible(li, "import");
  await li.getByRole("button", { name: /^填入/ }).click();
  await li.waitForURL(/told=filled/);
  await picture(li, "sheets");
  await accessible(li, "sheets");
});

await step("two editors at once", async () => {
  const wang = await person(WANG);
  await li.goto(baseline);
  await wang.goto(baseline);
  // Changes of the other arrive.
  await type(wang, "procurement.outturn", "7900.00");
  await li.waitForFunction(() => document.getElementById("c-procurement.outturn").value === "7900.00", null, { timeout: 15000 });
  // Both change one cell between two looks.
  await li.route("**/changes?*", (route) => route.abort());
  await type(wang, "operating.outturn", "1117.90");
  await cell(li, "operating.outturn").click();
  await li.keyboard.type("1000.00");
  await li.keyboard.press("Enter");
  await li.getByText("两个值都留着，请选一个").waitFor();
  const note = await li.locator("#conflict").innerText();
  assert.match(note, /1117\.90/); assert.match(note, /1000\.00/); assert.match(note, /王某某/);
  await picture(li, "both");
  await accessible(li, "both");
  await li.getByRole("button", { name: /我的/ }).click();
  await li.waitForSelector("#conflict", { state: "hidden" });
  await saved(li);
  await li.unroute("**/changes?*");
  await wang.waitForFunction(() => document.getElementById("c-operating.outturn").value === "1000.00", null, { timeout: 15000 });
  await wang.context().close();
});

await step("offline and back", async () => {
  await li.context().setOffline(true);
  await cell(li, "operating.meetings.prior_outturn").click();
  await li.keyboard.type("28.1");
  await li.keyboard.press("Enter");
  await li.waitForSelector('#save-state[data-state="kept"]');
  await li.waitForFunction(() => /1 格存在本机/.test(document.getElementById("save-state").textContent));
  await picture(li, "offline");
  // What was typed outlives the page.
  await li.context().setOffline(false);
  await li.reload();
  await saved(li);
  await li.waitForFunction(() => document.getElementById("save-state").dataset.state === "saved");
  await li.reload();
  assert.equal(await cell(li, "operating.meetings.prior_outturn").inputValue(), "28.1");
});

await step("pages", async () => {
  await li.goto(baseline);
  await cell(li, "operating.outturn").click();
  await li.waitForTimeout(300);
  await picture(li, "baseline");
  await accessible(li, "baseline");
  await li.getByRole("link", { name: /项目自评表/ }).first().click();
  await picture(li, "projects");
  await accessible(li, "projects");
  await li.locator("table.work a").first().click();
  await picture(li, "project");
  await accessible(li, "project");
  await li.getByRole("link", { name: /自评报告/ }).first().click();
  await picture(li, "report");
  await accessible(li, "report");
  for (const name of ["佐证", "检查结果", "下载"]) {
    await li.getByRole("link", { name }).first().click();
    await accessible(li, name);
  }
});

await step("360 px", async () => {
  const phone = await person(LI, { width: 360, height: 740 });
  for (const path of [baseline, `${ADDRESS}/desk/${FILING}`, `${ADDRESS}/desk/${FILING}/projects`, `${ADDRESS}/desk/${FILING}/results`]) {
    await phone.goto(path);
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${path} is ${wide} px wide`);
    await accessible(phone, `360 ${path}`);
  }
  await phone.goto(baseline);
  await picture(phone, "phone");
  await cell(phone, "operating.outturn").scrollIntoViewIfNeeded();
  await picture(phone, "phone-sheet");
});

await step("without scripts", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies([{ name: "jiheng", value: LI, url: ADDRESS }]);
  const page = await context.newPage();
  await page.goto(baseline);
  await cell(page, "thrift").fill("严控三公经费");
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForURL(/told=saved/);
  assert.equal(await cell(page, "thrift").inputValue(), "严控三公经费");
});

await browser.close();
for (const line of told) console.error(line);
process.exit(told.length ? 1 : 0);
