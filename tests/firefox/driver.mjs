// Firefox over WebDriver BiDi, for tests that are written in Python: a line of JSON in, a line of JSON out, one after the other.
//   node driver.mjs PATH_OF_FIREFOX
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const firefox = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.argv[2],
  headless: true,
  extraPrefsFirefox: { "datareporting.policy.dataSubmissionEnabled": false, "app.update.enabled": false, "network.captive-portal-service.enabled": false },
});
const tabs = new Map();
let count = 0;

// As Playwright has it: an expression; if it is a function it is called with what is given. The answer comes as JSON, because BiDi
// says an object that stands in two places only once.
const called = (script, given) =>
  `(async () => { const made = (${script}); const value = typeof made === "function" ? await made(${JSON.stringify(given ?? null)}) : await made; return JSON.stringify(value ?? null); })()`;

// Of a breach of the policy; the icon that Firefox asks every host for by itself is none of the page's.
const complains = (text) => /polic(y|ies)|Trusted/i.test(text) && !text.includes("/favicon.ico");

const verbs = {
  version: () => firefox.version(),
  async open() {
    const context = await firefox.createBrowserContext();
    const page = await context.newPage();
    const tab = { context, page, troubles: [], requests: [] };
    page.on("pageerror", (error) => String(error).includes("/favicon.ico") || tab.troubles.push(String(error)));
    page.on("console", (message) => complains(message.text()) && tab.troubles.push(message.text()));
    page.on("request", (request) => tab.requests.push(`${request.method()} ${request.url()}`));
    page.setDefaultTimeout(20_000);
    tabs.set(++count, tab);
    return count;
  },
  async close({ tab }) {
    await tabs.get(tab).context.close();
    tabs.delete(tab);
  },
  goto: ({ tab, url }) => tabs.get(tab).page.goto(url).then(() => null),
  evaluate: ({ tab, script, given }) => tabs.get(tab).page.evaluate(called(script, given)).then(JSON.parse),
  waitFor: ({ tab, selector, ms }) => tabs.get(tab).page.waitForSelector(selector, { visible: true, timeout: ms }).then(() => null),
  click: ({ tab, selector }) => tabs.get(tab).page.locator(selector).click(),
  fill: ({ tab, selector, text }) => tabs.get(tab).page.locator(selector).fill(text),
  async choose({ tab, selector, files }) {
    const field = await tabs.get(tab).page.$(selector);
    await field.uploadFile(...files);
  },
  async picture({ tab, path }) {
    await tabs.get(tab).page.screenshot({ path });
  },
  noticed: ({ tab }) => ({ troubles: tabs.get(tab).troubles, requests: tabs.get(tab).requests }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...given } = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ value: (await verbs[verb](given)) ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error?.message ?? error) })}\n`);
  }
}
await firefox.close();
