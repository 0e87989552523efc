/**
 * Unlocking somebody's keyring in the sealing worker, by ten recovery words or by a passkey; the same part of a page at the desk and
 * where keys are kept: #words, #unlock, and, where there is a passkey, #unlock-passkey and <script id="passkeys"> (desk.js says more).
 */
import { CannotOpen, Mistyped } from "./errors.js";
import { getSignedIn } from "./network.js";
import { byId, first, onClick, settings, tellProblems, working } from "./page.js";
import { askPasskey, knowsPasskeys, NoSecret, NotAllowed } from "./passkey.js";
import { Sealing } from "./sealing.js";

/**
 * @typedef {import("./passkey.js").Handle} Handle
 * @typedef {{sealing: Sealing, key: string, sign: string, recipient: string}} Unlocked the worker that holds the keys, and their public half
 */

/** @returns {Handle[]} the passkeys that the page knows of */
export function knownPasskeys() {
  const embedded = document.getElementById("passkeys");
  return embedded ? JSON.parse(embedded.textContent ?? "[]") : [];
}

/**
 * Wire the part of the page that unlocks.
 * @param {(unlocked: Unlocked) => unknown} then
 */
export function prepareUnlocking(then) {
  const part = first('[data-step="locked"]');
  const finish = async (/** @type {Unlocked | null} */ unlocked) => {
    byId("words").value = "";
    if (unlocked) await then(unlocked);
  };
  onClick(byId("unlock"), async () => finish(await unlockByWords(part)));
  const button = document.getElementById("unlock-passkey");
  if (!button) return;
  button.hidden = !knowsPasskeys();
  onClick(button, async () => finish(await unlockByPasskey(part)));
}

/** @param {ParentNode} part @returns {Promise<Unlocked | null>} null: a problem is told there */
function unlockByWords(part) {
  return unlockWith(part, async (sealing) => {
    const typed = byId("words").value;
    await sealing.readCode(typed);
    const { card, keyring } = await fetchRing();
    return sealing.unlock({ typed }, { card, keyring });
  });
}

/** @param {ParentNode} part @returns {Promise<Unlocked | null>} */
function unlockByPasskey(part) {
  return unlockWith(part, async (sealing) => {
    const { handle, prf } = await askPasskey(knownPasskeys());
    const { card, passkeys } = await fetchRing();
    const kept = passkeys.find((/** @type {Handle} */ { credential }) => credential === handle.credential);
    if (!kept) throw new CannotOpen();
    return sealing.unlock({ prf }, { card, keyring: kept.keyring });
  });
}

/** @returns {Promise<any>} the actor's own sealed keyring */
async function fetchRing() {
  const { status, value } = await getSignedIn(`${settings().keys}/ring`);
  if (status !== 200) throw new Error("no keyring");
  return value;
}

/** @param {ParentNode} part @param {(sealing: Sealing) => Promise<any>} open @returns {Promise<Unlocked | null>} */
async function unlockWith(part, open) {
  tellProblems(part, []);
  /** @type {Sealing | null} */
  let sealing = null;
  const wrong = await working(async () => {
    sealing = await Sealing.start();
    try {
      const { key, card } = await open(sealing);
      return { own: { sealing, key, sign: card.sign, recipient: card.recipient } };
    } catch (error) {
      sealing.end();
      return problemOf(error);
    }
  });
  if (!wrong) return null;
  if ("own" in wrong) return /** @type {Unlocked} */ (wrong.own);
  tellProblems(part, [wrong.name], { positions: wrong.positions.join(", ") });
  return null;
}

/** @param {unknown} error @returns {{name: string, positions: number[]}} the line of the page that tells it */
function problemOf(error) {
  if (error instanceof Mistyped) return { name: error.reason, positions: error.positions };
  if (error instanceof CannotOpen) return { name: "unknown", positions: [] };
  if (error instanceof NoSecret) return { name: "no-secret", positions: [] };
  if (error instanceof NotAllowed) return { name: "not-allowed", positions: [] };
  throw error;
}
