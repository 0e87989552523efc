/** The page where a reporter comes back with ten words. Its contract is in reporter.js. */
import { typedCode } from "./codeview.js";
import { Unsure } from "./errors.js";
import { savedName } from "./files.js";
import { watchIdle } from "./idle.js";
import { offerMandate } from "./mandate.js";
import { fetchOctets, postAnonymously, unlessBusy } from "./network.js";
import { all, byId, first, leaveNoEntry, locale, onClick, onLeaving, setProgress, settings, showStep, tellProblems, warnBeforeTurning, working } from "./page.js";
import { changeView, shareView } from "./readership-view.js";
import { hasArrived, hasChanged, namesIn, showSent, showThreads, threadView } from "./threadview.js";
import { putAwayFile, showFile } from "./viewer.js";

/**
 * @typedef {"joint" | "union"} Lane
 * @typedef {import("./threadview.js").View} View
 * @typedef {{view: View, value: any}} Fetched a thread as read, and the delivery that it was read from
 * @typedef {{key: string, recipient: string, sign: string, person: string, name: string, cy: string, en: string, union: boolean, group: string, apart: string[]}} NamedCard
 */

const TRIES = 3;

/** Everything of one visit, in memory only. */
class ReturnPage {
  /** @type {Fetched[]} */
  threads = [];
  /** @type {NamedCard[]} who could read concerns like this one today */
  cards = [];
  isOpen = false;
  stopWatching = () => {};

  /** @param {any} sealing the worker @param {() => Promise<any>} restart another worker, for after this one is ended */
  constructor(sealing, restart) {
    this.sealing = sealing;
    this.restart = restart;
  }

  /** @returns {Promise<Fetched[]>} both lanes are asked for, whichever there is */
  async fetch() {
    const questions = await this.sealing.lookUps();
    const asked = await Promise.all(questions.map((/** @type {any} */ { json }) => postAnonymously(`${settings().box}/open`, json)));
    const answers = asked.map(unlessBusy);
    if (!answers.every(({ status }) => status === 200 || status === 404)) throw new Error("no answer");
    const found = questions.flatMap((/** @type {any} */ { lane }, /** @type {number} */ i) => (answers[i].status === 200 ? [{ lane, value: answers[i].value }] : []));
    if (found.length === 0) return [];
    const views = await this.sealing.openThreads(found);
    return views.map((/** @type {View} */ view) => ({ view, value: found.find((/** @type {any} */ one) => one.lane === view.lane).value }));
  }

  /** With the words typed. */
  async open() {
    const part = first('[data-step="words"]');
    const code = await typedCode(byId("words"), part, (typed) => this.sealing.readCode(typed));
    if (!code) return;
    const threads = await working(() => this.fetch());
    if (!threads) return;
    if (threads.length === 0) return tellProblems(part, ["unknown"]);
    byId("words").value = "";
    this.isOpen = true;
    this.cards = await this.fetchCards(threads);
    this.show(threads);
    showStep("thread");
    this.stopWatching = watchIdle({ warn: (soon) => (byId("locking-soon").hidden = !soon), lock: () => this.close() });
  }

  /** Who could read it today. Asked by what it is about, as the page before writing is, never by the thread. @param {Fetched[]} threads @returns {Promise<NamedCard[]>} */
  async fetchCards(threads) {
    const about = threads.map(({ view }) => view.about).find(Boolean);
    if (!about) return [];
    const { body, kind, subject } = about;
    const answer = await postAnonymously(`${settings().box}/cards`, JSON.stringify({ about: { body, kind, subject }, v: 1 })).catch(() => null);
    if (answer?.status !== 200) return [];
    const named = new Map((await this.sealing.fingerprints(answer.value.readers)).map((/** @type {any} */ one) => [one.key, one]));
    return answer.value.readers
      .filter((/** @type {any} */ { key }) => named.has(key))
      .map((/** @type {any} */ one) => ({ ...one, ...named.get(one.key), name: [one.name, one.post[locale()]].filter(Boolean).join(" – "), union: one.lane === "union" }));
  }

  /** @param {Fetched[]} threads */
  show(threads) {
    this.threads = threads;
    putAwayFile();
    const names = this.names();
    const views = threads.map(({ view, value }) => {
      const root = threadView(view, names, { reply: (text, files) => this.reply(view.lane, text, files), openFile: (entry) => this.openFile(view, entry) }, value);
      if (view.lane === "union") offerMandate(root);
      if (view.writable || view.restartable) first("[data-more]", root).append(changeView(view, this.cards, names, (change) => this.change(view.lane, change)));
      return root;
    });
    showThreads("threads", views);
    byId("share").replaceChildren();
    const alone = threads.length === 1 && threads[0].view.lane === "union" ? threads[0].view : null;
    if (alone && this.cards.some(({ union }) => !union)) shareView(byId("share"), alone, this.cards, (share) => this.shareLater(alone, share));
  }

  /** @returns {import("./threadview.js").Names} */
  names() {
    const named = this.threads.flatMap(({ value }) => [...namesIn(value)]);
    return new Map([...named, ...this.cards.map(({ sign, name }) => /** @type {[string, string]} */ ([sign, name]))]);
  }

  /**
   * Something that has to stand behind the head of a thread: read again, made, sent; and once more when somebody was quicker.
   * @param {string} lane @param {string} path @param {(view: View) => Promise<string>} make @param {string} [said] data-sent's value
   * @param {(view: View) => boolean} [arrived] whether an earlier try, whose answer was lost, stands in the thread
   * @returns {Promise<"sent" | "failed">}
   */
  async put(lane, path, make, said, arrived = () => false) {
    for (let tried = 0; tried < TRIES; tried++) {
      const view = (await this.fetch()).find((one) => one.view.lane === lane)?.view;
      if (!(view?.writable || (path === "readers" && view?.restartable)) || !this.isOpen) return "failed";
      const { status } = arrived(view) ? { status: 201 } : await this.post(path, await make(view));
      if (status === 201) {
        await this.showAnew();
        showSent("threads", lane, said);
        return "sent";
      }
      if (status !== 409) return "failed";
    }
    return "failed";
  }

  /** What was sent stands, whether or not the thread can be fetched again at once: then it stays on the page as it was. */
  async showAnew() {
    const threads = await this.fetch().catch(() => null);
    if (threads?.length && this.isOpen) this.show(threads);
  }

  /**
   * @param {string} path below the box, or none @param {string} json
   * @returns {Promise<import("./network.js").Answer>} rejects with Unsure if nobody knows whether it was taken
   */
  async post(path, json) {
    const answer = await postAnonymously([settings().box, path].filter(Boolean).join("/"), json).catch(() => null);
    if (!answer || (answer.status >= 500 && answer.status !== 503)) throw new Unsure();
    return unlessBusy(answer);
  }

  /** @param {string} lane @param {import("./threadview.js").Text} text @param {import("./files.js").Chosen[]} files @returns {Promise<"sent" | "failed">} */
  async reply(lane, text, files) {
    const { view } = /** @type {Fetched} */ (this.threads.find((one) => one.view.lane === lane));
    try {
      const entries = await this.sendFiles(view.case, files);
      const whole = { ...text, files: entries };
      const sent = await this.put(lane, "reply", () => this.sealing.reply(view.case, whole), "", (now) => hasArrived(now, view, whole));
      if (sent === "sent" && this.isOpen) byId(`reply-${lane}`).value = "";
      return sent;
    } finally {
      setProgress(null);
    }
  }

  /** @param {string} caseId @param {import("./files.js").Chosen[]} files @returns {Promise<any[]>} what the item says of them */
  async sendFiles(caseId, files) {
    const entries = [];
    for (const [i, file] of files.entries()) {
      const share = (/** @type {number} */ done) => setProgress((i + done) / files.length);
      const { entry, frame } = await this.sealing.sealFile(caseId, file, { onProgress: (/** @type {number} */ done) => share(done / 2) });
      const { status } = unlessBusy(await postAnonymously(`${settings().box}/file`, frame));
      if (status !== 201) throw new Error("a file was not taken");
      share(1);
      entries.push(entry);
    }
    return entries;
  }

  /** @param {View} view @param {any} entry */
  async openFile(view, entry) {
    const { status, octets } = await fetchOctets(`${settings().box}/file/open`, await this.sealing.fileLookUp(view.case, entry.blob));
    if (status !== 200) throw new Error("the file did not come");
    try {
      const opened = await this.sealing.openFile(view.case, entry.blob, new Uint8Array(octets), { onProgress: setProgress });
      showFile(opened.octets, { name: savedName(entry), said: entry.original ?? entry.name });
    } finally {
      setProgress(null);
    }
  }

  /**
   * Those who stay need a card, so whoever has none any more goes with the others. An earlier try whose answer was lost is seen in the thread: who was to
   * be in is in, and nobody who was to go.
   * @param {string} lane @param {{add: NamedCard[], drop: string[]}} change
   */
  async change(lane, change) {
    await working(async () => {
      const said = { lang: locale(), day: String(settings().day), body: "", left_out: [], cards: this.cards };
      const made = (/** @type {View} */ view) => this.sealing.changeReaders(view.case, { ...said, ...change });
      if ((await this.put(lane, "readers", made, "readers", (view) => hasChanged(view, change))) !== "sent") throw new Error("not changed");
    });
  }

  /** The union read it alone so far; now a thread with everybody begins, from the same receipt. @param {View} view @param {{readers: NamedCard[], left_out: string[], body: string}} share */
  async shareLater(view, { readers, left_out, body }) {
    await working(async () => {
      const lang = view.entries.find((/** @type {any} */ { item }) => item?.opening)?.item.lang ?? locale();
      await this.sealing.beginConcern(["joint"], { sameCode: true });
      const lanes = [{ lane: "joint", readers, name: null, body, files: [] }];
      const { submissions } = await this.sealing.makeConcern({ about: view.about, left_out, lang, day: String(settings().day), lanes });
      const { status } = await this.post("", submissions[0].json);
      if (status !== 201 && status !== 409) throw new Error("not shared");
      await this.showAnew();
      showStep("thread");
    });
  }

  /** Forget the words and everything they opened. */
  close() {
    this.stopWatching();
    this.isOpen = false;
    this.sealing.end();
    this.threads = [];
    putAwayFile();
    byId("words").value = "";
    for (const id of ["threads", "share"]) byId(id).replaceChildren();
    showStep("words");
    this.restart().then(
      (sealing) => (this.sealing = sealing),
      () => location.reload(),
    );
  }
}

/** Wire the page. @param {any} sealing the worker @param {() => Promise<any>} restart */
export function beginReturn(sealing, restart) {
  const page = new ReturnPage(sealing, restart);
  for (const id of ["words", "threads", "share", "viewer", "locking-soon", "thread", "thread-reader", "entry", "entry-problem"]) byId(id);
  leaveNoEntry();
  onClick(byId("open"), () => page.open());
  onClick(byId("close"), () => page.close());
  warnBeforeTurning(() => page.isOpen || all("#sealed textarea").some(({ value }) => value !== ""));
  onLeaving(() => {
    byId("threads").replaceChildren();
    byId("words").value = "";
    page.sealing.end();
  });
}
