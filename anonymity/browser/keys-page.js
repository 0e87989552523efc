/** The page where a recipient makes their keys. They are made here, and leave only as a file that ten words open. Contract: desk.js. */
import { b64u, same, write } from "./canonical.js";
import { hideCode, showCode, typedCode } from "./codeview.js";
import { fingerprint, keyId } from "./fingerprint.js";
import { cardOf, makeKeyring, openKeyring, sealKeyring } from "./keyring.js";
import { postSignedIn } from "./network.js";
import { byId, first, locale, onClick, onLeaving, settings, showStep, tellProblems, working } from "./page.js";
import { draw } from "./receipt.js";

/** @type {{keyring: import("./keyring.js").Keyring, code: Uint8Array} | null} until they are stored */
let made = null;

function make() {
  made = { keyring: makeKeyring(), code: draw() };
  showCode(made.code);
  showStep("words");
}

/** The words were written down: they are taken off the page and have to be typed once. */
function confirm() {
  hideCode();
  byId("confirm-words").value = "";
  showStep("confirm");
}

function back() {
  if (!made) return;
  showCode(made.code);
  showStep("words");
}

async function save() {
  const part = first('[data-step="confirm"]');
  const typed = typedCode(byId("confirm-words"), part);
  if (!typed || !made) return;
  const { keyring, code } = made;
  if (!same(typed, code)) return tellProblems(part, ["other"]);
  await working(async () => {
    const card = cardOf(keyring);
    const file = await sealKeyring(keyring, typed);
    await openKeyring(file, typed, card);
    const { status } = await postSignedIn(String(settings().keys), write({ card, keyring: b64u(file), v: 1 }));
    if (status !== 201) throw new Error("not stored");
    forget();
    const key = keyId(card);
    byId("fingerprint").textContent = fingerprint(key, locale());
    byId("fingerprint-other").textContent = fingerprint(key, locale() === "cy" ? "en" : "cy");
    showStep("saved");
  });
}

function forget() {
  for (const secret of made ? [made.keyring.age, made.keyring.ed25519, made.code] : []) secret.fill(0);
  made = null;
  byId("confirm-words").value = "";
  hideCode();
}

/** Wire the page. */
export function beginKeys() {
  for (const id of ["fingerprint", "fingerprint-other", "code-word"]) byId(id);
  hideCode();
  onClick(byId("make-keys"), make);
  onClick(byId("written-down"), confirm);
  onClick(byId("back-to-words"), back);
  onClick(byId("save-keys"), save);
  onLeaving(forget);
}
