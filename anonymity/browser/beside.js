/** That one thread stands beside another, and the proof that whoever says so may say it (FORMAT.md section 7). */
import { ed25519 } from "@noble/curves/ed25519.js";
import { b64u, labelled, unb64u } from "./canonical.js";

/** @typedef {{case: string, proof: string}} Beside case id of the thread beside, and the signature */
/** @typedef {{case: string, own: string, opener: string}} Tie the thread beside, this one, and who opened this one */

/** @param {Tie} tie */
function signed({ case: caseId, own, opener }) {
  return labelled("porth:v1:beside", unb64u(caseId, 16), unb64u(own, 16), unb64u(opener, 32));
}

/** @param {Uint8Array} signSeed of the prover @param {Tie} tie @returns {Beside} */
export function proveBeside(signSeed, tie) {
  return { case: tie.case, proof: b64u(ed25519.sign(signed(tie), signSeed)) };
}

/** @param {Beside} beside @param {{own: string, opener: string}} thread that says so @param {string} signer public key @returns {boolean} */
export function provedBy({ case: caseId, proof }, { own, opener }, signer) {
  try {
    return ed25519.verify(unb64u(proof, 64), signed({ case: caseId, own, opener }), unb64u(signer, 32), { zip215: false });
  } catch {
    return false;
  }
}

/**
 * @param {import("./thread.js").Thread} thread that says it stands beside another
 * @param {import("./thread.js").Thread | undefined} other the thread it names, as far as it is open
 * @returns {boolean} it does: the same reporter opened both, or, for notes, somebody who reads or read the other
 */
export function standsBeside(thread, other) {
  const beside = thread.opening?.beside;
  if (!beside || !other || beside.case !== other.case) return false;
  const said = { own: thread.case, opener: thread.opener };
  if (thread.lane === "union") return other.lane === "joint" && provedBy(beside, said, other.opener);
  return thread.lane.endsWith("-notes") && !other.lane.endsWith("-notes") && other.known.some(({ sign }) => sign === thread.opener) && provedBy(beside, said, thread.opener);
}
