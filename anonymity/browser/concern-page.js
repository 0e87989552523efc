/** The page where a concern is written, checked, sealed and sent. Its contract is in reporter.js. */
import { askProof, hideCode, showCode } from "./codeview.js";
import { bodyProblem, countText } from "./field.js";
import { FileList } from "./files.js";
import { postAnonymously, unlessBusy } from "./network.js";
import { all, byId, chosen, chosenLanguage, filled, first, leaveNoEntry, onClick, onLeaving, PageBroken, setProgress, setState, settings, showStep, stateOf, tellProblems, warnBeforeTurning } from "./page.js";
import { choice, leaveOutNear, readCards, readerName, readerWords, showReaders } from "./readers.js";
import { onlyAName, showUrgent, wholeStory } from "./story.js";
import { cost, NAME_LIMIT, tidy, tidyName } from "./text.js";

/**
 * @typedef {import("./readers.js").LaneReaders & {name: string | null, body: string}} Lane
 * @typedef {{lanes: Lane[], left_out: import("./readers.js").Reader[], lang: "cy" | "en", urgent: boolean}} Concern
 * @typedef {{code: import("./codeview.js").Spelt, submissions: {lane: string, case: string, json: string}[]}} Sealed
 */

const STEPS = ["readers", "write", "check", "receipt"];

/** Everything that the page keeps, in memory only. */
class ConcernPage {
  /** @type {Concern | null} what the check step shows */
  concern = null;
  /** @type {string} what it was made of, files too: sealed again only if it has changed */
  made = "";
  /** @type {Sealed | null} what was sealed of it: sent again as it is, so that one concern never becomes two */
  sealed = null;
  sent = false;

  /** @param {any} sealing the worker @param {Awaited<ReturnType<typeof readCards>>} cards */
  constructor(sealing, cards) {
    this.sealing = sealing;
    this.cards = cards;
    this.files = new FileList(first("[data-add-files]"));
  }

  /** From the readers to the writing. @returns {boolean} all is well */
  readersChosen() {
    const { lanes } = choice(this.cards.readers);
    const consents = chosen("union") === "" || byId("union-consent").checked;
    return told("readers", [lanes[0].readers.length === 0 && "readers", !consents && "consent"]);
  }

  /** From writing to checking. @returns {boolean} all is well */
  check() {
    if (!this.readersChosen()) return showStep("readers"), false;
    const picked = choice(this.cards.readers);
    const files = this.files.chosen();
    const whom = chosen("whom");
    const name = whom === "nobody" || whom === "" ? "" : tidyName(byId("reporter-name").value);
    const [main, beside] = picked.lanes;
    const aside = beside ? tidy(byId("private").value) : "";
    const body = wholeStory();
    const isNamed = whom === "everybody" || (whom === "union" && main.lane === "union");
    const problems = [bodyProblem(body, files.length), whom !== "nobody" && !name && "no-name", cost(name) > NAME_LIMIT && "name-long"];
    if (chosen("union") !== "" && main.lane === "joint" && !beside) problems.push((whom === "union" || tidy(byId("private").value) !== "") && "no-union");
    problems.push(aside !== "" && bodyProblem(aside) && "private-long", this.files.busy && "files-busy");
    if (!told("write", problems)) return false;
    /** @type {Lane[]} */
    const lanes = [{ ...main, body, name: isNamed ? name : null }];
    if (beside && (aside || whom === "union")) lanes.push({ ...beside, body: aside || onlyAName(), name: name || null });
    this.concern = { lanes, left_out: picked.left_out, lang: chosenLanguage("lang"), urgent: byId("urgent").checked };
    const made = JSON.stringify([this.concern, files.map((file) => [file.name, file.original, file.content.size])]);
    if (made !== this.made) this.sealed = null;
    this.made = made;
    showCheck(this.concern, files);
    setState("ready");
    showStep("check");
    return true;
  }

  /** Seal and send. If anything fails nothing is kept back from the page: the text stays where it was typed. */
  async send() {
    if (!this.concern || this.sent) return;
    setState("working");
    try {
      this.sealed ??= await this.seal(this.concern);
      const states = [];
      for (const submission of this.sealed.submissions) states.push(await this.deliver(submission));
      const state = states.find((one) => one !== "done") ?? "done";
      if (state === "done" && this.concern.urgent) await this.call();
      if (state === "done") this.finish(this.sealed.code);
      if (state === "failed" && states[0] !== "done") this.sealed = null;
      setState(state === "failed" && states[0] === "done" ? "unsure" : state);
      if (state === "done") showStep("receipt");
    } catch (error) {
      this.sealed = null;
      setState(stateOf(error));
    } finally {
      setProgress(null);
    }
  }

  /** The files first, one by one, so that what names them finds them there. @param {Concern} concern @returns {Promise<Sealed>} */
  async seal({ lanes, left_out, lang }) {
    const { code, threads } = await this.sealing.beginConcern(lanes.map(({ lane }) => lane));
    const files = this.files.chosen();
    const entries = [];
    for (const [i, file] of files.entries()) {
      const share = (/** @type {number} */ done) => setProgress((i + done) / files.length);
      const { entry, frame } = await this.sealing.sealFile(threads[0].case, file, { onProgress: (/** @type {number} */ done) => share(done / 2) });
      const { status } = unlessBusy(await postAnonymously(`${settings().box}/file`, frame));
      if (status !== 201) throw new Error("a file was not taken");
      share(1);
      entries.push(entry);
    }
    const opening = { about: this.cards.about, left_out: left_out.map(({ person }) => person), lang, day: String(settings().day) };
    const parts = lanes.map((lane, i) => ({ ...lane, files: i === 0 ? entries : [] }));
    const { submissions } = await this.sealing.makeConcern({ ...opening, lanes: parts });
    return { code, submissions };
  }

  /**
   * Send what was sealed. When no answer came, or the box holds this concern already, the box itself is asked what it holds.
   * @param {Sealed["submissions"][number]} submission @returns {Promise<"done" | "failed" | "unsure" | "busy">}
   */
  async deliver({ lane, case: caseId, json }) {
    const { box } = settings();
    if (!box) throw new PageBroken("data-box is missing");
    const answer = await postAnonymously(box, json).catch(() => null);
    if (answer?.status === 201) return "done";
    if (answer && [429, 503].includes(answer.status)) return "busy";
    if (answer && answer.status !== 409 && answer.status < 500) return "failed";
    const question = (await this.sealing.lookUps()).find((/** @type {any} */ one) => one.lane === lane);
    const held = await postAnonymously(`${box}/open`, question.json).catch(() => null);
    if (held?.status === 200 && held.value?.case === caseId) return "done";
    return held?.status === 404 ? "failed" : "unsure";
  }

  /** Somebody may be hurt now: the people on the list are called. If that fails, the receipt says so. */
  async call() {
    const { lane } = /** @type {Sealed} */ (this.sealed).submissions[0];
    const question = (await this.sealing.lookUps()).find((/** @type {any} */ one) => one.lane === lane);
    const answer = await postAnonymously(`${settings().box}/urgent`, question.json).catch(() => null);
    byId("called").hidden = answer?.status !== 201;
    byId("not-called").hidden = answer?.status === 201;
  }

  /** @param {import("./codeview.js").Spelt} code */
  finish(code) {
    this.sent = true;
    showCode(code);
    askProof(code);
    this.forgetText();
    history.replaceState({ step: "receipt" }, "");
  }

  forgetText() {
    this.concern = this.sealed = null;
    this.made = "";
    this.files.forget();
    for (const field of all("#sealed textarea, #sealed input:not([type])")) field.value = "";
    for (const id of ["check-lanes", "check-left-out", "check-files"]) byId(id).replaceChildren();
  }

  /** @returns {boolean} something was typed or chosen that would be lost */
  hasWords() {
    return !this.sent && (all("#sealed textarea, #sealed input:not([type])").some(({ value }) => value !== "") || this.files.chosen().length > 0);
  }
}

/** @param {string} step @param {(string | false | null)[]} problems @returns {boolean} there are none */
function told(step, problems) {
  const names = /** @type {string[]} */ (problems.filter(Boolean));
  tellProblems(first(`[data-step="${step}"]`), names);
  return names.length === 0;
}

/** @param {Concern} concern @param {import("./files.js").Chosen[]} files */
function showCheck({ lanes, left_out, lang, urgent }, files) {
  byId("check-lanes").replaceChildren(
    ...lanes.map((part, i) => {
      const shown = { joint: part.lane === "joint", union: i === 0 && part.lane === "union", beside: i > 0, body: part.body, name: part.name ?? "", named: part.name !== null, unnamed: part.name === null };
      const view = filled("check-lane", shown);
      first('[data-slot="body"]', view).lang = lang;
      first("[data-check-readers]", view).append(...part.readers.map(checkLine));
      return view;
    }),
  );
  byId("check-left-out").replaceChildren(...left_out.map(checkLine));
  byId("check-nobody-left-out").hidden = left_out.length > 0;
  byId("check-files").replaceChildren(...files.map(({ name, original }) => filled("check-file", { name, original: original ?? "", told: original !== null })));
  byId("check-no-files").hidden = files.length > 0;
  byId("check-urgent").hidden = !urgent;
}

/** @param {import("./readers.js").Reader} reader */
function checkLine({ key }) {
  return filled("check-reader", { name: readerName(key), fingerprint: readerWords(key) });
}

/** Wire the page. @param {any} sealing the worker */
export async function beginConcern(sealing) {
  const page = new ConcernPage(sealing, await readCards(sealing));
  for (const step of STEPS) first(`[data-step="${step}"]`);
  hideCode();
  leaveNoEntry();
  history.replaceState({ step: "readers" }, "");
  const count = countText(byId("body"), wholeStory);
  countText(byId("private"));
  const update = () => {
    showReaders(page.cards.readers);
    showUrgent();
    byId("name-part").hidden = ["", "nobody"].includes(chosen("whom"));
    count();
  };
  update();
  byId("sealed").addEventListener("change", update);
  onClick(byId("leave-out-near"), () => leaveOutNear(page.cards.readers));
  onClick(byId("to-write"), () => page.readersChosen() && goTo("write"));
  onClick(byId("to-check"), () => page.check() && history.pushState({ step: "check" }, ""));
  onClick(byId("send"), () => page.send());
  for (const button of all("[data-back]")) onClick(button, () => history.back());
  warnBeforeTurning(() => page.hasWords());
  window.addEventListener("popstate", ({ state }) => followHistory(page, state?.step));
  onLeaving(() => {
    page.forgetText();
    hideCode();
    sealing.end();
  });
}

/** @param {string} step */
function goTo(step) {
  history.pushState({ step }, "");
  showStep(step);
}

/** The browser's back and forward. What is being sent, or was sent, stays as it is. @param {ConcernPage} page @param {string | undefined} step */
function followHistory(page, step) {
  if (page.sent) return showStep("receipt");
  if (settings().state === "working") return undefined;
  setState("ready");
  if (step === "write" && page.readersChosen()) return showStep("write");
  if (step !== "check" || !page.check()) return showStep(step === "check" ? "write" : "readers");
  return undefined;
}
