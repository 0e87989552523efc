/**
 * Page script of the stand-alone page (logical name `client.js`) that `porth client` writes: a file of its own, opened from a stick
 * or from another host. It holds the portal's pages as templates, asks the portal's box what can be chosen, puts the answers
 * into the page, and leaves the rest to the page scripts of the portal (reporter.js). Its contract with the file:
 *
 *   #texts (tongue.js); #settings[data-portal][data-body]: the portal's origin, and the slug of the one body it is for, or ""
 *   #begin                     visible as written: the language choice, with #without (what to do without script); a[href="#cy"], a[href="#en"]
 *   #frame[hidden]             everything else: #view (empty), [data-to=cy], [data-to=en] (language), #leave, #own-network[hidden];
 *                              #losing[hidden] (words would be lost) with #go-anyway and #stay-in-view
 *   <template id="view-NAME">  start, about, write, closed, return, safety, waiting, unreachable; with data-title. Links to a view are
 *                              #cy/NAME and #en/NAME; places for values are ⟦name⟧ (tongue.js). In start and about one radio stands for
 *                              all; in write one group ⟦group⟧ for every union, and of its two readers the first for who is
 *                              confirmed, the second for who is not; #readers is empty
 *   script[type="text/plain"]  #sealing-worker, #cleaning-worker; and #file-words in the views (workers.js, files.js)
 *
 * Which view stands open is in the address behind #, and nothing else is: no employer, no subject, no word. Another view than
 * these questions begins with the file read anew, so nothing of one concern is left in the memory of the next.
 */
import { beginConcern } from "./concern-page.js";
import { postAnonymously, solveWith } from "./network.js";
import { all, byId, first, focusOn, start } from "./page.js";
import { beginReturn } from "./return-page.js";
import { Sealing } from "./sealing.js";
import { language, learn, learnFrom, saidIn, stamp, turnTo, watch } from "./tongue.js";

/**
 * @typedef {{cy: string, en: string}} Both
 * @typedef {Both & {id: string, slug: string}} Body
 * @typedef {Both & {kind: string, subject: string, asks_whom: boolean}} Subject
 * @typedef {{key: string, group: string, name: string | null, post: Both, confirmed: boolean}} Line
 */

const VIEWS = ["start", "return", "safety"];
const { portal, body: onlyBody } = byId("settings").dataset;
/** @type {string} today in London: what the portal says, else this device */
let day = londonDay();
/** A page script runs in the view: leaving it begins anew. */
let isTaken = false;

/** @param {string} path below the box @returns {string} */
function box(path) {
  return `${portal}/${language()}/concern/box/${path}`;
}

function londonDay() {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date());
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** @param {string} path @param {object} question @returns {Promise<any>} rejects unless the portal answers; null for what is not there */
async function asked(path, question) {
  const { status, value } = await postAnonymously(box(path), JSON.stringify(question));
  if (status === 404) return null;
  if (status !== 200) throw new Error("no answer");
  return value;
}

/** Show a view. @param {string} name @param {Record<string, string | Both>} [values] for its places @returns {any} the main element */
function show(name, values = {}) {
  const template = byId(`view-${name}`);
  const copy = document.importNode(template.content, true);
  stamp(copy, values);
  byId("view").replaceChildren(copy);
  byId("view").dataset.view = name;
  turnTo(language());
  window.scrollTo(0, 0);
  const heading = byId("view").querySelector("h1");
  if (heading) focusOn(heading);
  return byId("view");
}

/** Ask the portal; while it does not answer, the page says so and asks again on demand. @param {() => Promise<void>} then */
async function patiently(then) {
  show("waiting");
  try {
    await then();
  } catch {
    if (isTaken) throw new Error("broken");
    const again = first("#try-again", show("unreachable"));
    again.addEventListener("click", () => patiently(then));
  }
}

/** One radio for each option, in place of the one that stands for all. @param {any} view @param {string} name @param {(Both & {value: string})[]} options */
function offer(view, name, options) {
  const sample = first(".choice", view);
  const made = options.map(({ value, cy, en }, i) => {
    const choice = sample.cloneNode(true);
    stamp(choice, { value, label: { cy, en } });
    first("input", choice).id = `${name}-${i}`;
    first("label", choice).htmlFor = `${name}-${i}`;
    return choice;
  });
  sample.replaceWith(...made);
  turnTo(language());
}

/** @param {any} view @param {(value: string) => void} then with what is chosen; nothing chosen, nothing happens */
function onAnswer(view, then) {
  const form = first("form", view);
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const picked = form.querySelector("input[type=radio]:checked");
    if (picked) then(picked.value);
    else first("input[type=radio]", form).focus();
  });
}

/** The two questions that come first. */
function askEmployer() {
  return patiently(async () => {
    const offered = await asked("offered", { body: null, v: 1 });
    day = offered.day;
    byId("own-network").hidden = !offered.own_network;
    /** @type {Body[]} */
    const bodies = offered.bodies;
    const only = bodies.find(({ slug }) => slug === onlyBody);
    if (only) return askSubject(only);
    const view = show("start");
    offer(view, "body", sorted(bodies).map(({ id, cy, en }) => ({ value: id, cy, en })));
    onAnswer(view, (id) => patiently(() => askSubject(/** @type {Body} */ (bodies.find((one) => one.id === id)))));
  });
}

/** @param {Body[]} bodies */
function sorted(bodies) {
  const order = new Intl.Collator(language());
  return [...bodies].sort((a, b) => order.compare(a[language()], b[language()]));
}

/** @param {Body} body */
async function askSubject(body) {
  /** @type {Subject[]} */
  const subjects = (await asked("offered", { body: body.id, v: 1 }))?.subjects ?? [];
  const view = show("about", { body });
  for (const part of all("[data-only-first]", view)) part.hidden = onlyBody !== body.slug;
  first(".before", view).hidden = onlyBody === body.slug;
  offer(view, "about", subjects.map(({ kind, subject, cy, en }) => ({ value: `${kind}:${subject}`, cy, en })));
  onAnswer(view, (value) => patiently(() => openWrite(body, /** @type {Subject} */ (subjects.find(({ kind, subject }) => value === `${kind}:${subject}`)))));
}

/** Who could read it, then the page that writes. @param {Body} body @param {Subject} subject */
async function openWrite(body, { kind, subject, asks_whom, cy, en }) {
  const about = { body: body.id, kind, subject };
  const cards = await asked("cards", { about, v: 1 });
  const values = { body, slug: body.slug, subject: { cy, en }, about: `${kind}:${subject}` };
  if (!cards) return void show("closed", values);
  const view = show(subject === "beside" ? "beside" : "write", values);
  byId("readers").textContent = JSON.stringify(cards);
  putReaders(view, cards.readers, cards.branches);
  if (!asks_whom) view.querySelector("[data-affected]")?.closest("fieldset")?.remove();
  if (subject !== "unlisted-system") view.querySelector("[data-tool]")?.remove();
  byId(`lang-${language()}`).checked = true;
  await take((sealing) => beginConcern(sealing));
}

/** @param {any} view @param {Line[]} readers @param {(Both & {group: string, union: string})[]} branches */
function putReaders(view, readers, branches) {
  const union = first('[data-group="⟦group⟧"]', view);
  for (const { group, cy, en } of branches) {
    const copy = union.cloneNode(true);
    stamp(copy, { group, title: { cy, en } });
    union.before(copy);
  }
  union.remove();
  for (const group of all("[data-group]", view)) {
    const own = readers.filter((reader) => reader.group === group.dataset.group);
    const samples = all("[data-reader]", group);
    for (const [i, reader] of own.entries()) samples[0].before(readerLine(samples, reader, `leave-${i}-${reader.group}`));
    for (const sample of samples) sample.remove();
    if (own.length === 0) group.remove();
  }
  const choice = first('input[value="⟦group⟧"]', view).closest(".choice");
  branches.forEach(({ group, cy, en }, i) => {
    const copy = choice.cloneNode(true);
    stamp(copy, { group, title: { cy, en } });
    first("input", copy).id = first("label", copy).htmlFor = `union-${i}`;
    choice.before(copy);
  });
  choice.remove();
  turnTo(language());
}

/** @param {HTMLElement[]} samples for who is confirmed, and who is not @param {Line} reader @param {string} id */
function readerLine(samples, { key, name, post, confirmed }, id) {
  const line = samples[confirmed ? 0 : 1].cloneNode(true);
  stamp(line, { key, reader: { cy: called(name, post.cy), en: called(name, post.en) } });
  first("input", line).id = first("label", line).htmlFor = id;
  return line;
}

/** @param {string | null} name @param {string} post @returns {string} as the portal's pages call a reader */
function called(name, post) {
  return name ? `${name} – ${post}` : post;
}

/** The rest is the page script's: it shows the view, or, if anything is not as it must be, what to do then. @param {(sealing: Sealing) => unknown} begin */
async function take(begin) {
  isTaken = true;
  byId("sealed").dataset.day = day;
  turnTo(language());
  await start(async () => begin(await startSealing()));
}

/** @returns {Promise<Sealing>} as in reporter.js; what it says in both languages is learnt on the way */
async function startSealing() {
  const sealing = await Sealing.start();
  solveWith(sealing.work);
  const { fingerprints, openThreads } = sealing;
  sealing.fingerprints = async (cards) => {
    for (const { name, post } of /** @type {any[]} */ (learnFrom(cards))) if (post && name) learn([called(name, post.cy), called(name, post.en)]);
    return learnFrom(await fingerprints(cards));
  };
  sealing.openThreads = async (deliveries) => learnFrom(await openThreads(deliveries));
  return sealing;
}

async function openReturn() {
  show("return");
  // The day and the warning come with it; without an answer this device's own day stands.
  const offered = await asked("offered", { body: null, v: 1 }).catch(() => null);
  day = offered?.day ?? day;
  byId("own-network").hidden = !offered?.own_network;
  await take((sealing) => beginReturn(sealing, startSealing));
}

/** @returns {{to: "cy" | "en" | null, name: string}} what stands behind # */
function place() {
  const [to, name = ""] = location.hash.slice(1).split("/");
  return { to: to === "cy" || to === "en" ? to : null, name: VIEWS.includes(name) ? name : "start" };
}

/** Show what the address names; with a page script running, from the beginning. */
function follow() {
  const { to, name } = place();
  if (isTaken) return location.reload();
  if (!to) return undefined;
  byId("begin").hidden = true;
  byId("frame").hidden = false;
  turnTo(to);
  if (name === "return") return openReturn();
  if (name === "safety") return show("safety");
  return askEmployer();
}

/** Links to views leave no entry of their own, and lead there even when the address is the same. */
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#cy"], a[href^="#en"]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (hasWords() && link.id !== "go-anyway") return askBeforeLosing(link.hash);
  byId("losing").hidden = true;
  history.replaceState(null, "", link.hash);
  follow();
});

/** @returns {boolean} somebody's words stand in the page, and nowhere else */
function hasWords() {
  return isTaken && all("#sealed textarea:not(#words)").some(({ value }) => value !== "");
}

/** @param {string} to what stands behind # */
function askBeforeLosing(to) {
  byId("go-anyway").href = to;
  byId("losing").hidden = false;
  focusOn(byId("losing"));
}

byId("stay-in-view").addEventListener("click", () => {
  byId("losing").hidden = true;
  focusOn(first("h1, h2", byId("view")));
});

for (const button of all("[data-to]")) {
  button.addEventListener("click", () => {
    turnTo(button.dataset.to);
    history.replaceState(history.state, "", `#${language()}/${place().name}`);
  });
}
byId("leave").addEventListener("click", () => location.replace("about:blank"));
window.addEventListener("hashchange", follow);

/** Framed by another page somebody could be led to click what they do not see. */
if (window.top === window.self) {
  watch(byId("view"));
  learn(saidIn("file-words"));
  byId("without").hidden = true;
  byId("choose").hidden = false;
  follow();
}
