/** The reader's half of the worker: keys, threads at the desk, notes, exports. Contract: sealing.js. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { identityFromSeed, open, seal } from "./age.js";
import { b64u, labelled, must, unb64u } from "./canonical.js";
import { sealExport } from "./file.js";
import { keyId } from "./fingerprint.js";
import { cardOf, makeKeyring, openKeyringBy, passkeySeed, sealKeyringTo } from "./keyring.js";
import { KEYRING } from "./padding.js";
import { derive, draw, readCode } from "./receipt.js";
import { both, mustBeIn, named, spell } from "./session.js";
import { lookUp, makeNotes, NOTES, notesLocator } from "./submission.js";
import { openAsReader, readDelivery } from "./thread.js";

/** @typedef {import("./session.js").Session} Session */

/** @param {Session} session @returns {object} */
function ownCard(session) {
  const card = cardOf(session.heldKeyring());
  return { card, ...named(keyId(card)) };
}

/** @param {{typed?: string, prf?: Uint8Array}} by @returns {Uint8Array} seed of what the keyring is sealed to */
function unlockingSeed({ typed, prf }) {
  return prf ? passkeySeed(prf) : derive(readCode(String(typed)), "recovery:identity");
}

/** @type {Record<string, (session: Session, given: any, progress: import("./file.js").Progress) => any>} */
export const reader = {
  makeKeyring(session) {
    session.keyring = makeKeyring();
    session.hold(draw());
    return { ...ownCard(session), code: spell(session.heldCode()) };
  },

  sealKeyring(session, { typed, prf }) {
    const keyring = session.heldKeyring();
    if (!prf && b64u(readCode(typed)) !== b64u(session.heldCode())) return null;
    const seed = unlockingSeed({ typed, prf });
    const file = sealKeyringTo(seed, keyring);
    openKeyringBy(seed, file, cardOf(keyring));
    return { card: cardOf(keyring), keyring: b64u(file) };
  },

  proveKeyring(session, { keyring }) {
    const { ed25519: seed } = session.heldKeyring();
    return b64u(ed25519.sign(labelled("porth:v1:keyring", unb64u(keyring, KEYRING.file)), seed));
  },

  revealIdentity(session) {
    return identityFromSeed(session.heldKeyring().age);
  },

  unlock(session, { typed, prf, keyring, card }) {
    session.keyring = openKeyringBy(unlockingSeed({ typed, prf }), unb64u(keyring, KEYRING.file), card);
    session.hold(null);
    return ownCard(session);
  },

  openThread(session, { value, case: caseId }) {
    const delivery = readDelivery(value);
    must(delivery.case === caseId);
    const keyring = session.heldKeyring();
    const thread = openAsReader(delivery, keyring.age);
    return session.keep({ thread, items: delivery.items, authorSeed: keyring.ed25519, address: { case: caseId } });
  },

  peekThread(session, given) {
    const held = new Map(session.open);
    try {
      if (given.beside) reader.openThread(session, { value: given.beside, case: given.beside.case }, () => {});
      return reader.openThread(session, given, () => {});
    } finally {
      for (const [id, one] of session.open) if (one !== held.get(id)) both.forget(session, { case: id }, () => {});
      session.open = held;
    }
  },

  beginNotes(session, { case: caseId, lane, readers, ...text }) {
    const { thread } = session.find(caseId);
    const keyring = session.heldKeyring();
    mustBeIn(readers, thread.left_out);
    const json = makeNotes(thread, { authorSeed: keyring.ed25519, lane, readers: [...readers, cardOf(keyring)] }, { ...text, files: [] });
    return { case: JSON.parse(json).case, json };
  },

  notesLookUps(session, { case: caseId }) {
    const { thread } = session.find(caseId);
    return NOTES.map((lane) => ({ lane, json: lookUp(notesLocator(thread, lane)) }));
  },

  sealTo(_, { recipients, content }, progress) {
    return sealExport(content, recipients, progress);
  },

  putAside(session, { text }) {
    return seal(new TextEncoder().encode(text), [cardOf(session.heldKeyring()).recipient]);
  },

  bringBack(session, { octets }) {
    return new TextDecoder().decode(open(octets, session.heldKeyring().age));
  },
};
