/** The page where a reporter comes back with ten words. Its contract is in reporter.js. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { b64u } from "./canonical.js";
import { typedCode } from "./codeview.js";
import { watchIdle } from "./idle.js";
import { postAnonymously } from "./network.js";
import { byId, first, leaveNoEntry, onClick, onLeaving, settings, showStep, tellProblems, working } from "./page.js";
import { derive } from "./receipt.js";
import { makeLookup, makeReply } from "./submission.js";
import { openAsReporter, readDelivery } from "./thread.js";
import { namesIn, showSent, showThreads, threadView } from "./threadview.js";

/** @typedef {"joint" | "union"} Lane */

const TRIES = 3;
/** @type {readonly Lane[]} */
const LANES = ["joint", "union"];

/** @type {Uint8Array | null} the receipt, while the thread is open */
let code = null;
let stopWatching = () => {};

/** @typedef {{thread: import("./thread.js").Thread, names: Map<string, string>}} Fetched */

/** @param {Uint8Array} receipt @returns {Promise<Fetched[]>} both lanes are asked for, whichever there is */
async function fetchThreads(receipt) {
  const answers = await Promise.all(LANES.map((lane) => postAnonymously(`${settings().box}/open`, makeLookup(receipt, lane))));
  if (!answers.every(({ status }) => status === 200 || status === 404)) throw new Error("no answer");
  const found = LANES.flatMap((lane, i) => (answers[i].status === 200 ? [{ lane, value: answers[i].value }] : []));
  return Promise.all(
    found.map(async ({ lane, value }) => ({ thread: await openAsReporter(readDelivery(value), receipt, lane), names: namesIn(value) })),
  );
}

/** @param {Uint8Array} receipt @param {Lane} lane */
function authorSeed(receipt, lane) {
  return derive(receipt, `${lane}:author`);
}

/** @param {Uint8Array} receipt @param {Fetched[]} fetched */
function show(receipt, fetched) {
  const views = fetched.map(({ thread, names }) => {
    const lane = /** @type {Lane} */ (thread.lane);
    const own = b64u(ed25519.getPublicKey(authorSeed(receipt, lane)));
    return threadView(thread, own, names, (text) => reply(receipt, lane, text));
  });
  showThreads("threads", views);
}

/** @param {Uint8Array} receipt @param {Lane} lane @param {import("./submission.js").Text} text @returns {Promise<"sent" | "failed">} */
async function reply(receipt, lane, text) {
  const locator = b64u(derive(receipt, `${lane}:locator`));
  for (let tried = 0; tried < TRIES; tried++) {
    const thread = (await fetchThreads(receipt)).find((one) => one.thread.lane === lane)?.thread;
    if (!thread || code !== receipt) return "failed";
    const { status } = await postAnonymously(`${settings().box}/reply`, await makeReply(thread, { locator }, authorSeed(receipt, lane), text));
    if (status === 201) {
      if (code === receipt) show(receipt, await fetchThreads(receipt));
      showSent("threads", lane);
      return "sent";
    }
    if (status !== 409) return "failed";
  }
  return "failed";
}

async function openThreads() {
  const part = first('[data-step="words"]');
  const receipt = typedCode(byId("words"), part);
  if (!receipt) return;
  const threads = await working(() => fetchThreads(receipt));
  if (!threads) return;
  if (threads.length === 0) return tellProblems(part, ["unknown"]);
  code = receipt;
  byId("words").value = "";
  show(receipt, threads);
  showStep("thread");
  stopWatching = watchIdle({ warn: (soon) => (byId("locking-soon").hidden = !soon), lock: close });
}

/** Forget the words and everything they opened. */
function close() {
  stopWatching();
  code?.fill(0);
  code = null;
  byId("words").value = "";
  byId("threads").replaceChildren();
  showStep("words");
}

/** Wire the page. */
export function beginReturn() {
  for (const id of ["words", "threads", "locking-soon", "thread", "thread-reader", "entry", "entry-problem"]) byId(id);
  leaveNoEntry();
  onClick(byId("open"), openThreads);
  onClick(byId("close"), close);
  onLeaving(close);
}
