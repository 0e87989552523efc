/** The page where a concern is written, checked, sealed and sent. Its contract is in reporter.js. */
import { cost, NAME_LIMIT, tidy, tidyName } from "./canonical.js";
import { hideCode, showCode } from "./codeview.js";
import { bodyProblem, countText } from "./field.js";
import { fingerprint } from "./fingerprint.js";
import { postAnonymously } from "./network.js";
import { all, byId, chosen, chosenLanguage, filled, first, leaveNoEntry, locale, onClick, onLeaving, PageBroken, setState, settings, showStep, tellProblems } from "./page.js";
import { choice, readCards, readerName, showReaders } from "./readers.js";
import { draw } from "./receipt.js";
import { makeLookup, makeSubmission } from "./submission.js";

/**
 * @typedef {{text: import("./submission.js").Text, name: string | null} & import("./readers.js").Choice} Concern
 * @typedef {{code: Uint8Array, lane: "joint" | "union", json: string}} Sealed
 */

/** Everything that the page keeps, in memory only. */
class ConcernPage {
  /** @type {ReturnType<typeof readCards>} */
  cards = readCards();
  /** @type {Concern | null} what the check step shows */
  concern = null;
  /** @type {Sealed | null} what was sealed of it: sent again as it is, so that one concern never becomes two */
  sealed = null;
  sent = false;

  /** @returns {Concern | null} what is on the page, or null with the problems told */
  read() {
    const body = tidy(byId("body").value);
    const name = tidyName(/** @type {HTMLInputElement | null} */ (document.getElementById("reporter-name"))?.value ?? "");
    const picked = choice(this.cards.readers);
    const problems = [bodyProblem(body), cost(name) > NAME_LIMIT && "name-long", picked.readers.length === 0 && "readers", withoutConsent() && "consent"];
    const told = /** @type {string[]} */ (problems.filter(Boolean));
    tellProblems(first('[data-step="write"]'), told);
    if (told.length) return null;
    return { ...picked, text: { lang: chosenLanguage("lang"), day: String(settings().day), body }, name: name || null };
  }

  /** From writing to checking. @returns {boolean} all is well */
  check() {
    const concern = this.read();
    if (!concern) return false;
    if (JSON.stringify(concern) !== JSON.stringify(this.concern)) this.sealed = null;
    this.concern = concern;
    showCheck(concern);
    setState("ready");
    showStep("check");
    return true;
  }

  /** Seal and send. If anything fails nothing is kept back from the page: the text stays where it was typed. */
  async send() {
    if (!this.concern || this.sent) return;
    setState("working");
    await new Promise((done) => setTimeout(done));
    try {
      this.sealed ??= await this.seal(this.concern);
      const state = await deliver(this.sealed);
      if (state === "done") this.finish(this.sealed.code);
      if (state === "failed") this.sealed = null;
      setState(state);
      if (state === "done") showStep("receipt");
    } catch {
      this.sealed = null;
      setState("failed");
    }
  }

  /** @param {Concern} concern @returns {Promise<Sealed>} */
  async seal({ lane, readers, left_out, name, text }) {
    const code = draw();
    const opening = { lane, about: this.cards.about, readers, left_out: left_out.map(({ person }) => person), name };
    return { code, lane, json: await makeSubmission(code, opening, text) };
  }

  /** @param {Uint8Array} code */
  finish(code) {
    this.sent = true;
    showCode(code);
    this.forgetText();
    history.replaceState({ step: "receipt" }, "");
  }

  forgetText() {
    this.concern = this.sealed = null;
    for (const field of all("#sealed textarea, #sealed input:not([type])")) field.value = "";
    for (const id of ["check-body", "check-name", "check-readers", "check-left-out"]) byId(id).replaceChildren();
  }
}

/** @returns {boolean} a union is chosen and nobody agreed to what that reveals */
function withoutConsent() {
  return chosen("union") !== "" && !byId("union-consent").checked;
}

/** @param {Concern} concern */
function showCheck({ text, name, readers, left_out, lane }) {
  byId("check-body").textContent = text.body;
  byId("check-body").lang = text.lang;
  byId("check-name").textContent = name ?? "";
  byId("check-name").hidden = name === null;
  byId("check-no-name").hidden = name !== null;
  byId("check-readers").replaceChildren(...readers.map(checkLine));
  byId("check-left-out").replaceChildren(...left_out.map(checkLine));
  byId("check-left-out").hidden = left_out.length === 0;
  byId("check-nobody-left-out").hidden = left_out.length > 0;
  byId("check-union-only").hidden = lane !== "union";
}

/** @param {import("./readers.js").Reader} reader */
function checkLine({ key }) {
  return filled("check-reader", { name: readerName(key), fingerprint: fingerprint(key, locale()) });
}

/**
 * Send what was sealed. When no answer came, or the box holds this concern already, the box itself is asked what it holds.
 * @param {Sealed} sealed @returns {Promise<"done" | "failed" | "unsure" | "busy">}
 */
async function deliver({ code, lane, json }) {
  const { box } = settings();
  if (!box) throw new PageBroken("data-box is missing");
  const answer = await postAnonymously(box, json).catch(() => null);
  if (answer?.status === 201) return "done";
  if (answer && [429, 503].includes(answer.status)) return "busy";
  if (answer && answer.status !== 409 && answer.status < 500) return "failed";
  const held = await postAnonymously(`${box}/open`, makeLookup(code, lane)).catch(() => null);
  if (held?.status === 200 && held.value?.case === JSON.parse(json).case) return "done";
  return held?.status === 404 ? "failed" : "unsure";
}

/** Wire the page. */
export function beginConcern() {
  const page = new ConcernPage();
  byId("code-words");
  for (const step of ["write", "check", "receipt"]) first(`[data-step="${step}"]`);
  hideCode();
  leaveNoEntry();
  history.replaceState({ step: "write" }, "");
  countText(byId("body"));
  showReaders(page.cards.readers);
  byId("sealed").addEventListener("change", () => showReaders(page.cards.readers));
  onClick(byId("to-check"), () => page.check() && history.pushState({ step: "check" }, ""));
  onClick(byId("to-write"), () => history.back());
  onClick(byId("send"), () => page.send());
  window.addEventListener("popstate", ({ state }) => followHistory(page, state?.step));
  onLeaving(() => {
    page.forgetText();
    hideCode();
  });
}

/** The browser's back and forward. What is being sent, or was sent, stays as it is. @param {ConcernPage} page @param {string | undefined} step */
function followHistory(page, step) {
  if (page.sent) return showStep("receipt");
  if (settings().state === "working") return undefined;
  setState("ready");
  if (step !== "check" || !page.check()) showStep("write");
  return undefined;
}
