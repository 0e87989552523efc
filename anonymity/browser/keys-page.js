/**
 * The page of a recipient's keys: made here the first time, or anew when the words are lost; opened by other words or by a passkey besides.
 * Keys and words exist in the sealing worker only, and leave it as files that words or a passkey open. Contract: desk.js.
 */
import { hideCode, showCode } from "./codeview.js";
import { Mistyped } from "./errors.js";
import { watchIdle } from "./idle.js";
import { postSignedIn } from "./network.js";
import { all, byId, first, locale, onClick, onLeaving, settings, showStep as showPart, tellProblems, working } from "./page.js";
import { knowsPasskeys, makePasskey, NoSecret, NotAllowed } from "./passkey.js";
import { Sealing } from "./sealing.js";
import { knownPasskeys, prepareUnlocking } from "./unlocking.js";

/** @typedef {{cy: string, en: string, digits: string}} Spelt */
/** @typedef {"first" | "new" | "words"} Making keys made the first time, keys in place of lost ones, or only other words */

/** @type {{sealing: Sealing, making: Making, code: Spelt, card: any} | null} until they are stored */
let made = null;
/** @type {"words" | "passkey" | "identity"} what is done once the keys are unlocked */
let wanted = "words";
let stopWatching = () => {};

/** What stands below the keys themselves goes with them. @param {string} step */
function showStep(step) {
  showPart(step);
  const beside = document.getElementById("beside-keys");
  if (beside) beside.hidden = step !== "keys";
}

/** @param {Making} making */
async function makeKeys(making) {
  await working(async () => {
    const sealing = await Sealing.start();
    const { code, card } = await sealing.makeKeyring();
    begin({ sealing, making, code, card });
  });
}

/** @param {NonNullable<typeof made>} begun */
function begin(begun) {
  made = begun;
  stopWatching();
  stopWatching = watchIdle({ warn: () => {}, lock: startAgain });
  showWords();
}

function showWords() {
  if (!made) return;
  showCode(made.code);
  showStep("words");
}

/** The words were written down: they are taken off the page and have to be typed once. */
function confirm() {
  hideCode();
  byId("confirm-words").value = "";
  showStep("confirm");
}

async function save() {
  const part = first('[data-step="confirm"]');
  const begun = made;
  if (!begun) return;
  tellProblems(part, []);
  const typed = byId("confirm-words").value;
  const wrong = await working(async () => {
    try {
      const sealed = await begun.sealing.sealKeyring({ typed });
      if (!sealed) return new Mistyped(/** @type {any} */ ("other"));
      await store(begun, sealed);
      return null;
    } catch (error) {
      if (error instanceof Mistyped) return error;
      throw error;
    }
  });
  if (wrong) tellProblems(part, [wrong.reason], { positions: wrong.positions.join(", ") });
}

/** @param {NonNullable<typeof made>} begun @param {{card: any, keyring: string}} sealed */
async function store({ sealing, making }, { card, keyring }) {
  const { recipient, sign } = card;
  if (making === "words") {
    const proof = await sealing.proveKeyring(keyring);
    await send("/words", { keyring, proof, v: 1 });
    return finish("saved-words");
  }
  await send(making === "new" ? "/new" : "", { card: { recipient, sign, v: 1 }, keyring, v: 1 });
  const [named] = await sealing.fingerprints([card]);
  byId("fingerprint").textContent = named[locale()];
  byId("fingerprint-other").textContent = named[locale() === "cy" ? "en" : "cy"];
  finish("saved");
}

/** @param {string} where @param {any} content its members in the order of their names: canonical */
async function send(where, content) {
  const { status, value } = await postSignedIn(String(settings().keys) + where, JSON.stringify(content));
  if (status !== 201) throw new Error("not stored");
  return value;
}

/** @param {string} step */
function finish(step) {
  forget();
  showStep(step);
}

/** @param {import("./unlocking.js").Unlocked} unlocked */
async function unlocked({ sealing, sign, recipient }) {
  const card = { recipient, sign };
  if (wanted === "words") return begin({ sealing, making: "words", code: await sealing.newCode(), card });
  made = { sealing, making: "words", code: { cy: "", en: "", digits: "" }, card };
  if (wanted === "identity") byId("identity").textContent = await sealing.revealIdentity();
  stopWatching = watchIdle({ warn: () => {}, lock: startAgain });
  showStep(wanted);
}

async function addPasskey() {
  const part = first('[data-step="passkey"]');
  const begun = made;
  if (!begun) return;
  tellProblems(part, []);
  const wrong = await working(async () => {
    try {
      const { handle, prf } = await makePasskey(String(settings().passkeyName), knownPasskeys());
      const { keyring } = await begun.sealing.sealKeyring({ prf });
      const proof = await begun.sealing.proveKeyring(keyring);
      const { credential, salt, transports } = handle;
      await send("/passkeys", { credential, keyring, proof, salt, transports, v: 1 });
      finish("saved-passkey");
      return null;
    } catch (error) {
      if (error instanceof NoSecret) return "no-secret";
      if (error instanceof NotAllowed) return "not-allowed";
      throw error;
    }
  });
  if (wrong) tellProblems(part, [wrong]);
}

function forget() {
  stopWatching();
  made?.sealing.end();
  made = null;
  for (const id of ["confirm-words", "words"]) if (document.getElementById(id)) byId(id).value = "";
  document.getElementById("identity")?.replaceChildren();
  hideCode();
}

function startAgain() {
  forget();
  showStep(all('[data-step="keys"]').length ? "keys" : "start");
}

/** Wire the page. */
export function beginKeys() {
  for (const id of ["fingerprint", "fingerprint-other", "code-word"]) byId(id);
  hideCode();
  if (document.getElementById("unlock")) prepareUnlocking(unlocked);
  const ask = (/** @type {typeof wanted} */ what) => () => {
    wanted = what;
    showStep("locked");
  };
  /** @type {[string, () => unknown][]} */
  const buttons = [
    ["make-keys", () => makeKeys("first")],
    ["change-words", ask("words")],
    ["add-passkey", ask("passkey")],
    ["show-identity", ask("identity")],
    ["new-keys", () => showStep("new")],
    ["make-new-keys", () => makeKeys("new")],
    ["make-passkey", addPasskey],
    ["written-down", confirm],
    ["back-to-words", showWords],
    ["save-keys", save],
  ];
  for (const [id, action] of buttons) if (document.getElementById(id)) onClick(byId(id), action);
  for (const button of all("[data-back-to-keys]")) onClick(button, startAgain);
  const passkeys = document.getElementById("add-passkey");
  if (passkeys) passkeys.hidden = !knowsPasskeys();
  onLeaving(forget);
}
