/** The reporter's half of the worker: concerns, and coming back to them with a receipt. Contract: sealing.js. */
import { recipientFromSeed } from "./age.js";
import { b64u, drawId, must, unb64u, write } from "./canonical.js";
import { derive, draw } from "./receipt.js";
import { mustBeIn, spell } from "./session.js";
import { makeLookup, makeSubmission } from "./submission.js";
import { openAsReporter, readDelivery } from "./thread.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {"joint" | "union"} Lane */

/** @type {Lane[]} */
const LANES = ["joint", "union"];

/** @param {Session} session @param {Lane[]} lanes @param {boolean} sameCode */
function begin(session, lanes, sameCode) {
  must(lanes.length > 0 && lanes.every((lane) => LANES.includes(lane)));
  if (!sameCode) session.hold(draw());
  const code = session.heldCode();
  session.begun.clear();
  for (const lane of lanes) {
    const caseId = drawId();
    session.begun.set(caseId, { lane, case: caseId, recipient: recipientFromSeed(derive(code, `${lane}:identity`)) });
  }
}

/** @param {Session} session @param {Lane} lane @returns {string | null} the case of the thread that is begun, or open, in a lane */
function caseOf(session, lane) {
  const begun = [...session.begun.values()].find((one) => one.lane === lane)?.case;
  return begun ?? [...session.open.values()].find(({ thread }) => thread.lane === lane)?.thread.case ?? null;
}

/** @type {Record<string, (session: Session, given: any) => any>} */
export const reporter = {
  newCode(session) {
    session.hold(draw());
    return spell(session.heldCode());
  },

  beginConcern(session, { lanes, sameCode = false }) {
    begin(session, lanes, sameCode);
    session.expectsFiles = true;
    return { code: spell(session.heldCode()), threads: [...session.begun.values()].map(({ lane, case: caseId }) => ({ lane, case: caseId })) };
  },

  makeConcern(session, { about, left_out, lang, day, lanes }) {
    if (!session.expectsFiles) begin(session, lanes.map((/** @type {{lane: Lane}} */ { lane }) => lane), false);
    const code = session.heldCode();
    const submissions = lanes.map((/** @type {any} */ { lane, readers, name, body, files = [] }) => {
      mustBeIn(readers, left_out);
      const caseId = caseOf(session, lane);
      must(caseId && session.begun.has(caseId));
      session.mustFit(String(caseId), 0, files);
      const beside = lane === "union" ? caseOf(session, "joint") : null;
      const opening = { lane, about, readers, left_out, name, beside, case: String(caseId) };
      return { lane, case: caseId, json: makeSubmission(code, opening, { lang, day, body, files }) };
    });
    return { code: spell(code), submissions };
  },

  lookUps(session) {
    return LANES.map((lane) => ({ lane, json: makeLookup(session.heldCode(), lane) }));
  },

  openThreads(session, { deliveries }) {
    const code = session.heldCode();
    const ordered = LANES.flatMap((lane) => deliveries.filter((/** @type {{lane: Lane}} */ one) => one.lane === lane));
    return ordered.map(({ lane, value }) => {
      const delivery = readDelivery(value);
      const address = { locator: b64u(derive(code, `${lane}:locator`)) };
      return session.keep({ thread: openAsReporter(delivery, code, lane), items: delivery.items, authorSeed: derive(code, `${lane}:author`), address });
    });
  },

  fileLookUp(session, { case: caseId, blob }) {
    unb64u(blob, 16);
    return write({ blob, ...session.find(caseId).address, v: 1 });
  },
};
