/**
 * A case taken out of the portal: a ZIP of plain age files and a note in both languages, which any age program opens that knows the
 * hybrid post-quantum recipients. Everything in it is sealed anew, on this device, to whom its reader names. Each name, the note,
 * each message as plain text and the archive's own comment carry the marker, by which a copy is known again for what it is.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { b64u } from "./canonical.js";
import { addressOf } from "./desk-thread.js";
import { savedName } from "./files.js";
import { fetchPart } from "./fragments.js";
import { MARKER } from "./marker.js";
import { getOctets } from "./network.js";
import { Cutter, Index, linesOf } from "./pack.js";
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
  const how = howToPack(part);
  tellProblems(part, wrongWith(recipients, how));
  first("[data-exported]", part).hidden = first("[data-cut-said]", part).hidden = true;
  if (wrongWith(recipients, how).length > 0) return;
  await working(async () => {
    const made = await pack(opened, recipients, how);
    if (!around.isCurrent()) return;
    if (!(await isKept(opened.caseId, recipients.length, made, how.cutter !== null))) return tellProblems(part, ["unkept"]);
    download(made.zip, `${MARKER}-${settings().day}.zip`);
    first("[data-exported]", part).hidden = false;
    if (how.cutter) sayWhatWasCut(part, how.cutter);
  });
  setProgress(null);
}

/**
 * @typedef {{cutter: Cutter | null, hasWords: boolean, withFiles: boolean, said: {reporter: string, reader: string}}} How
 * @typedef {{zip: Blob, files: number}} Made
 */

/** @param {HTMLElement} part @returns {How} */
function howToPack(part) {
  const words = linesOf(first("textarea[data-cut-words]", part).value);
  const isCut = first("input[data-cut]", part).checked;
  const { reporter = "", reader = "" } = part.dataset;
  return { cutter: isCut ? new Cutter(words) : null, hasWords: words.length > 0, withFiles: !isCut || first("input[data-with-files]", part).checked, said: { reporter, reader } };
}

/** @param {string[]} recipients @param {How} how @returns {string[]} */
function wrongWith(recipients, how) {
  if (recipients.length > MOST_RECIPIENTS || recipients.some((one) => !RECIPIENT.test(one))) return ["recipient"];
  if (recipients.length === 0) return ["nobody"];
  return how.cutter && !how.hasWords ? ["cut"] : [];
}

/** @param {HTMLElement} part @param {Cutter} cutter */
function sayWhatWasCut(part, { places, notFound }) {
  const { cutIn = "", notFound: missing = "" } = part.dataset;
  const said = first("[data-cut-said]", part);
  said.textContent = [`${cutIn} ${places}.`, ...(notFound.length > 0 ? [`${missing} ${notFound.join(" · ")}`] : [])].join(" ");
  said.hidden = false;
}

/**
 * A branch keeps that a pack was made, before it is handed out; what is in it stays here. The employer's side keeps no such list.
 * @param {string} caseId @param {number} recipients @param {Made} made @param {boolean} isCut @returns {Promise<boolean>}
 */
async function isKept(caseId, recipients, { zip, files }, isCut) {
  const { packs } = settings();
  if (!packs) return true;
  const csrf = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
  const digest = b64u(sha256(new Uint8Array(await zip.arrayBuffer())));
  const told = { csrf, case: caseId, recipients: String(recipients), files: String(files), redacted: isCut ? "yes" : "no", digest };
  try {
    return (await fetchPart(packs, new URLSearchParams(told))).status === 200;
  } catch {
    return false;
  }
}

/** @param {Opened} opened @param {string[]} recipients @param {How} how @returns {Promise<Made>} */
export async function pack({ own, caseId, view }, recipients, how) {
  const zip = new Zip();
  const index = new Index();
  const put = async (/** @type {string} */ name, /** @type {Uint8Array} */ content, /** @type {any} */ item) => {
    index.add(name, content, item?.day ?? "", item ? (item.from === view.opener ? how.said.reporter : how.said.reader) : "");
    zip.add(`${MARKER}-${name}.age`, await own.sealing.sealTo(recipients, content));
  };
  const genuine = view.entries.filter((/** @type {any} */ { item }) => item);
  const itemOf = new Map(genuine.map((/** @type {any} */ { place, item }) => [String(place + 1).padStart(3, "0"), item]));
  zip.add(`${MARKER}-README.txt`, new TextEncoder().encode(byId("export-readme").textContent));
  for (const { name, octets } of await own.sealing.exportThread(caseId)) {
    if (!how.cutter) await put(name, octets, itemOf.get(name.slice(0, 3)));
    else if (name.endsWith(".txt")) await put(name, new TextEncoder().encode(how.cutter.cut(new TextDecoder().decode(octets))), itemOf.get(name.slice(0, 3)));
  }
  const files = how.withFiles ? genuine.flatMap((/** @type {any} */ { item }) => item.files.map((/** @type {any} */ file) => ({ ...file, item }))) : [];
  for (const [i, { blob, item }] of files.entries()) {
    const sealed = await getOctets(`${addressOf(caseId)}/files/${encodeURIComponent(blob)}`);
    const { entry, octets } = await own.sealing.openFile(caseId, blob, sealed);
    await put(`file-${String(i + 1).padStart(2, "0")}-${savedName(entry)}`, octets, item);
    setProgress((i + 1) / files.length);
  }
  zip.add(`${MARKER}-index.txt.age`, await own.sealing.sealTo(recipients, index.octets));
  return { zip: zip.end(MARKER), files: files.length };
}
