// What the tests ask of the modules, in the shapes of vectors.json, so that Python compares answers and not intentions.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as age from "../../../anonymity/browser/age.js";
import { provedBy, proveBeside } from "../../../anonymity/browser/beside.js";
import { b64u, join, labelled, read, unb64u, write } from "../../../anonymity/browser/canonical.js";
import { Mistyped } from "../../../anonymity/browser/errors.js";
import { openFile } from "../../../anonymity/browser/file.js";
import { fingerprint, keyId } from "../../../anonymity/browser/fingerprint.js";
import { openGrant } from "../../../anonymity/browser/grant.js";
import { openItem, readItem, writeItem } from "../../../anonymity/browser/item.js";
import { cardOf, openKeyring, sealKeyring, writeKeyring } from "../../../anonymity/browser/keyring.js";
import { ITEM, pad } from "../../../anonymity/browser/padding.js";
import { derive, digits, readCode, words } from "../../../anonymity/browser/receipt.js";
import { makeLookup, makeReply, makeSubmission } from "../../../anonymity/browser/submission.js";
import { cost, tidy, tidyName } from "../../../anonymity/browser/text.js";
import { openAsReader, openAsReporter, readDelivery, readThread } from "../../../anonymity/browser/thread.js";

export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const file = (text) => unb64u(text, Math.floor((text.length * 3) / 4));
const publicOf = (seed) => ed25519.getPublicKey(seed);
const utf8 = new TextEncoder();

export async function refused(work) {
  try {
    await work();
    return "accepted";
  } catch (error) {
    return error.name;
  }
}

export function code(octets) {
  const r = unhex(octets);
  const lane = (name) => {
    const locator = derive(r, `${name}:locator`);
    const identity = derive(r, `${name}:identity`);
    const author = derive(r, `${name}:author`);
    return {
      locator: hex(locator),
      locator_hash: hex(sha256(locator)),
      identity: hex(identity),
      recipient_sha256: hex(sha256(utf8.encode(age.recipientFromSeed(identity)))),
      author: hex(author),
      sign: hex(publicOf(author)),
      return: hex(derive(r, `${name}:return`)),
    };
  };
  return {
    ...{ octets, cy: words(r, "cy"), en: words(r, "en"), digits: digits(r), lanes: { joint: lane("joint"), union: lane("union") } },
    ...{ case_locator: hex(derive(r, "case-code:locator")), recovery_identity: hex(derive(r, "recovery:identity")) },
  };
}

export function typed(text) {
  try {
    return { typed: text, octets: hex(readCode(text)) };
  } catch (error) {
    if (!(error instanceof Mistyped)) throw error;
    return { typed: text, slip: error.reason, positions: error.positions };
  }
}

export function reader(identitySeed, signSeed) {
  const keyring = { age: unhex(identitySeed), ed25519: unhex(signSeed) };
  const card = cardOf(keyring);
  const key = keyId(card);
  return {
    ...{ identity_seed: identitySeed, sign_seed: signSeed, identity: age.identityFromSeed(keyring.age), card: write(card), key_id: hex(unb64u(key, 32)) },
    ...{ fingerprint_cy: fingerprint(key, "cy").split(" "), fingerprint_en: fingerprint(key, "en").split(" ") },
  };
}

export function text(raw) {
  return { typed: raw, tidy: tidy(raw), name: tidyName(raw), cost: cost(tidy(raw)) };
}

export function json(value) {
  return { value: read(utf8.encode(write(value))), json: write(value) };
}

export function readJson(spelling) {
  return refused(() => read(utf8.encode(spelling)));
}

export function item({ json: spelling, code: octets, lane }) {
  const content = written(spelling, derive(unhex(octets), `${lane}:author`));
  const padded = pad(content, ITEM.plaintext);
  return {
    ...{ json: new TextDecoder().decode(content.subarray(64)), signature: hex(content.subarray(0, 64)) },
    ...{ padded_sha256: hex(sha256(padded)), padded_first_100: hex(padded.subarray(0, 100)) },
  };
}

const written = (spelling, seed) => {
  const { v, from, ...fields } = JSON.parse(spelling);
  return writeItem(fields, seed);
};

export function anyItem({ what, json: spelling, sign_seed: seed }) {
  const content = written(spelling, unhex(seed));
  return {
    ...{ what, sign_seed: seed, json: new TextDecoder().decode(content.subarray(64)), signature: hex(content.subarray(0, 64)) },
    padded_sha256: hex(sha256(pad(content, ITEM.plaintext))),
  };
}

export function readsSigned(spelling, seed) {
  const bytes = utf8.encode(spelling);
  return readItem(join(ed25519.sign(labelled("porth:v1:item", bytes), unhex(seed)), bytes)).kind;
}

export function beside({ sign_seed: seed, beside: other, case: own, from }) {
  const tie = { case: b64u(unhex(other)), own: b64u(unhex(own)), opener: b64u(unhex(from)) };
  const made = proveBeside(unhex(seed), tie);
  const signer = b64u(publicOf(unhex(seed)));
  const holds = (changes) => provedBy(made, { ...tie, ...changes }, signer);
  return { proof: hex(unb64u(made.proof, 64)), holds: holds({}), others: [holds({ own: tie.case }), holds({ opener: b64u(new Uint8Array(32)) })] };
}

export function notes({ seed, lane }) {
  return { seed, lane, locator: hex(derive(unhex(seed), `${lane}:locator`)) };
}

export function epochs({ case: caseId, opener, seeds: given, files, orders: asked }) {
  const seeds = new Map(Object.entries(given).map(([epoch, seed]) => [Number(epoch), unhex(seed)]));
  return asked.map(({ why, deliver }) => {
    const items = deliver.map(([n, epoch]) => ({ epoch, file: file(files[n].file) }));
    const { entries, epoch, granted, left_out } = readThread(b64u(unhex(caseId)), items, seeds, b64u(unhex(opener)));
    return { why, deliver, entries: entries.map(({ verdict, place }) => [verdict, place]), epoch, granted: granted.map(({ key }) => key), left_out };
  });
}

export async function opensFile({ seed, file: sealed }, { bytes, hash }, change) {
  const octets = file(sealed);
  if (change) octets[change.at] ^= change.xor;
  return hex(sha256(await openFile(octets, { bytes, hash: b64u(unhex(hash)) }, unhex(seed))));
}

export async function orders({ case: caseId, code: octets, lane, opener, files, orders: given }) {
  const seeds = new Map([[0, derive(unhex(octets), `${lane}:identity`)]]);
  const answers = [];
  for (const { order } of given) {
    const items = order.map((n) => ({ epoch: 0, file: file(files[n]) }));
    const { entries } = readThread(b64u(unhex(caseId)), items, seeds, b64u(unhex(opener)));
    answers.push({
      order,
      entries: entries.map(({ verdict, place }) => [verdict, place]),
      bodies: entries.map(({ item: one }) => one?.body ?? null),
    });
  }
  return answers;
}

export async function opensKeyring({ recovery, file: sealed }, card) {
  const keyring = await openKeyring(file(sealed), unhex(recovery), JSON.parse(card));
  return { age: hex(keyring.age), ed25519: hex(keyring.ed25519) };
}

export async function opensGrant({ file: sealed }, identitySeed, caseId) {
  const grant = await openGrant(file(sealed), unhex(identitySeed), { case: b64u(unhex(caseId)), epoch: 0 });
  return { ...grant, seed: hex(grant.seed) };
}

export async function opensLong({ file: sealed }, identitySeed) {
  return hex(sha256(await age.open(file(sealed), unhex(identitySeed))));
}

export function opensItem(sealed, seed) {
  return openItem(file(sealed), unhex(seed));
}

export async function kit(file_, identity) {
  try {
    return hex(sha256(await age.open(unhex(file_), age.seedOf(identity))));
  } catch (error) {
    return error.name;
  }
}

export async function sealsKeyring(identitySeed, signSeed, recovery) {
  const keyring = { age: unhex(identitySeed), ed25519: unhex(signSeed) };
  writeKeyring(keyring);
  return b64u(await sealKeyring(keyring, unhex(recovery)));
}

export async function seals(bytes, recipients) {
  return b64u(await age.seal(unhex(bytes), recipients));
}

export function submits(octets, opening, words_) {
  return makeSubmission(unhex(octets), opening, words_);
}

export function looksUp(octets, lane) {
  return makeLookup(unhex(octets), lane);
}

export async function reporterReads(delivery, octets, lane) {
  return plain(await openAsReporter(readDelivery(delivery), unhex(octets), lane));
}

export async function readerReads(delivery, identitySeed) {
  return plain(await openAsReader(readDelivery(delivery), unhex(identitySeed)));
}

const plain = ({ entries, head, lane, epoch }) => ({ entries, head, lane, epoch });

export async function reporterReplies(delivery, octets, lane, words_) {
  const r = unhex(octets);
  const thread = await openAsReporter(readDelivery(delivery), r, lane);
  return makeReply(thread, { locator: b64u(derive(r, `${lane}:locator`)) }, derive(r, `${lane}:author`), words_);
}

export async function readerReplies(delivery, identitySeed, signSeed, words_) {
  const thread = await openAsReader(readDelivery(delivery), unhex(identitySeed));
  return makeReply(thread, { case: delivery.case }, unhex(signSeed), words_);
}

// Milliseconds of the median of five runs, for the closing note.
export async function times(recipients, delivery, identitySeed) {
  const median = async (work) => {
    const taken = [];
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      await work(i);
      taken.push(performance.now() - start);
    }
    return Math.round(taken.sort((a, b) => a - b)[2] * 10) / 10;
  };
  const octets = () => crypto.getRandomValues(new Uint8Array(13));
  const readers = recipients.map((card) => JSON.parse(card));
  const opening = { lane: "joint", about: { body: "b", kind: "system", subject: "s" }, readers, left_out: [], name: null };
  return {
    seal_a_concern_of_4_kB_to_its_readers: await median(() => makeSubmission(octets(), opening, { lang: "en", day: "2026-11-22", body: "x".repeat(4096) })),
    open_a_thread_as_a_reader: await median(() => openAsReader(readDelivery(delivery), unhex(identitySeed))),
    make_keys: await median((i) => cardOf({ age: new Uint8Array(32).fill(i), ed25519: new Uint8Array(32).fill(i) })),
  };
}

// Every place of a file, or some of them, changed in one bit; cut short; made longer; each has to be refused. How many were tried.
export function withstands(sealed, seed, step) {
  const whole = file(sealed);
  const tries = [];
  for (let at = 0; at < whole.length; at += step) tries.push(whole.map((octet, i) => (i === at ? octet ^ (1 << (at % 8)) : octet)));
  for (const less of [1, 15, 16, 17, whole.length - 1]) tries.push(whole.subarray(0, whole.length - less));
  for (const more of [1, 16, 65552]) tries.push(join(whole, new Uint8Array(more)));
  for (const one of tries) {
    try {
      age.open(one, unhex(seed));
      return "opened";
    } catch (error) {
      if (error.name !== "CannotOpen" || Object.keys(error).join() !== "name") return `told: ${error}`;
    }
  }
  age.open(whole, unhex(seed));
  return tries.length;
}

// The header of one file before the payload of another, sealed to the same key.
export function swapped(one, other, seed) {
  const [a, b] = [file(one), file(other)];
  const head = 70 + 1557;
  return refused(() => age.open(join(a.subarray(0, head), b.subarray(head)), unhex(seed)));
}
