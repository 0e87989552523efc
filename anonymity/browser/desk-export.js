/**
 * A case taken out of the portal: a ZIP of plain age files and a note in both languages, which any age program opens that knows the
 * hybrid post-quantum recipients. Everything in it is sealed anew, on this device, to whom its reader names. Each name, the note,
 * each message as plain text and the archive's own comment carry the marker, by which a copy is known again for what it is.
 */
import { addressOf } from "./desk-thread.js";
import { savedName } from "./files.js";
import { MARKER } from "./marker.js";
import { getOctets } from "./network.js";
import { all, byId, first, onClick, setProgress, settings, tellProblems, working } from "./page.js";
import { download } from "./viewer.js";
import { Zip } from "./zip.js";

/** @typedef {import("./desk-thread.js").Opened} Opened */

const RECIPIENT = /^age1pq1[02-9ac-hj-np-z]{1952}$/;
const MOST_RECIPIENTS = 5;

/** @param {Opened} opened @param {HTMLElement} place */
export function prepareExport(opened, place) {
  for (const button of all("button[data-export]", place)) onClick(button, () => exportCase(opened, place));
}

/** @param {Opened} opened @param {HTMLElement} place */
async function exportCase(opened, place) {
  const { own, around } = opened;
  const typed = first("textarea[data-recipients]", place).value.split(/\s+/).filter(Boolean);
  const recipients = [...new Set([...(first("input[data-own]", place).checked ? [own.recipient] : []), ...typed])];
  const part = first("[data-export-part]", place);
  const isWrong = recipients.length > MOST_RECIPIENTS || recipients.some((one) => !RECIPIENT.test(one));
  const wrong = isWrong ? "recipient" : recipients.length === 0 ? "nobody" : null;
  tellProblems(part, wrong ? [wrong] : []);
  if (wrong) return;
  await working(async () => {
    const zip = await pack(opened, recipients);
    if (!around.isCurrent()) return;
    download(zip, `${MARKER}-${settings().day}.zip`);
    first("[data-exported]", part).hidden = false;
  });
  setProgress(null);
}

/** @param {Opened} opened @param {string[]} recipients @returns {Promise<Blob>} */
export async function pack({ own, caseId, view }, recipients) {
  const zip = new Zip();
  const seal = async (/** @type {string} */ name, /** @type {Uint8Array} */ content) => zip.add(`${MARKER}-${name}.age`, await own.sealing.sealTo(recipients, content));
  const parts = await own.sealing.exportThread(caseId);
  /** @type {any[]} */
  const files = view.entries.flatMap((/** @type {any} */ entry) => entry.item?.files ?? []);
  zip.add(`${MARKER}-README.txt`, new TextEncoder().encode(byId("export-readme").textContent));
  for (const { name, octets } of parts) await seal(name, octets);
  for (const [i, { blob }] of files.entries()) {
    const sealed = await getOctets(`${addressOf(caseId)}/files/${encodeURIComponent(blob)}`);
    const { entry, octets } = await own.sealing.openFile(caseId, blob, sealed);
    await seal(`file-${String(i + 1).padStart(2, "0")}-${savedName(entry)}`, octets);
    setProgress((i + 1) / files.length);
  }
  return zip.end(MARKER);
}
