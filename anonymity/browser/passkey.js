/**
 * A passkey gives 32 secret octets (WebAuthn PRF) to whoever its owner lets ask on this host; a keyring may be sealed to them besides
 * its recovery words (FORMAT.md section 5). They go from here into the sealing worker and nowhere else.
 *
 * What the browser hands out holds them (`clientExtensionResults`, and so does the credential's own `toJSON()`). No such object leaves
 * this module: what others get is a handle put together by name, which is public, and the octets apart from it.
 */
import { base64urlnopad } from "@scure/base";

/**
 * @typedef {{credential: string, salt: string, transports: string[]}} Handle what finds the passkey again, b64u and public
 * @typedef {{handle: Handle, prf: Uint8Array}} Answered
 */

const INPUT = "porth:v1:passkey\0";
const SALT_BYTES = 32;
const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"];
const LONGEST_WAIT_MS = 120_000;
/** Ed25519, ECDSA on P-256, RSA: nothing is ever verified with the passkey's own key, so any kind will do. */
const ALGORITHMS = [-8, -7, -257];

/** The passkey was made or asked, and gives no secret: recovery words have to do. */
export class NoSecret extends Error {}

/** The passkey's owner said no, or waited too long, or the browser has none that fits. */
export class NotAllowed extends Error {}

/** @returns {boolean} the browser knows passkeys; whether one of them gives a secret, only the passkey says */
export function knowsPasskeys() {
  return "PublicKeyCredential" in window && Boolean(navigator.credentials);
}

/**
 * Make a passkey for this host and ask it at once.
 * @param {string} name under which the device lists it @param {Handle[]} known those there are already; none of them is made twice
 * @returns {Promise<Answered>}
 */
export async function makePasskey(name, known) {
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: "Porth", id: location.hostname },
        user: { id: random(SALT_BYTES), name, displayName: name },
        challenge: random(SALT_BYTES),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: known.map(descriptor),
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        extensions: /** @type {any} */ ({ prf: {} }),
        timeout: LONGEST_WAIT_MS,
      },
    }),
  );
  if (!(/** @type {any} */ (made.getClientExtensionResults()).prf?.enabled)) throw new NoSecret();
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const transports = (response.getTransports?.() ?? []).filter((one) => TRANSPORTS.includes(one)).sort();
  const credential = base64urlnopad.encode(new Uint8Array(made.rawId));
  return askPasskey([{ credential, salt: base64urlnopad.encode(random(SALT_BYTES)), transports }]);
}

/** @param {Handle[]} handles @returns {Promise<Answered>} of the one that its owner chose */
export async function askPasskey(handles) {
  const evalByCredential = Object.fromEntries(handles.map((handle) => [handle.credential, { first: inputOf(handle) }]));
  const found = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: location.hostname,
        challenge: random(SALT_BYTES),
        allowCredentials: handles.map(descriptor),
        userVerification: "required",
        extensions: /** @type {any} */ ({ prf: { evalByCredential } }),
        timeout: LONGEST_WAIT_MS,
      },
    }),
  );
  const handle = handles.find(({ credential }) => credential === base64urlnopad.encode(new Uint8Array(found.rawId)));
  const secret = /** @type {any} */ (found.getClientExtensionResults()).prf?.results?.first;
  const prf = secret && new Uint8Array(secret instanceof ArrayBuffer ? secret.slice(0) : secret);
  if (!handle || prf?.length !== 32) throw new NoSecret();
  return { handle, prf };
}

/** @param {() => Promise<Credential | null>} ask @returns {Promise<PublicKeyCredential>} */
async function asked(ask) {
  const found = await ask().catch(() => null);
  if (!(found instanceof PublicKeyCredential)) throw new NotAllowed();
  return found;
}

/** @param {Handle} handle @returns {PublicKeyCredentialDescriptor} */
function descriptor({ credential, transports }) {
  return { type: "public-key", id: domBytes(base64urlnopad.decode(credential)), transports: /** @type {any} */ (transports) };
}

/** @param {Handle} handle @returns {Uint8Array} what the passkey turns into the secret */
function inputOf({ salt }) {
  return Uint8Array.from([...new TextEncoder().encode(INPUT), ...base64urlnopad.decode(salt)]);
}

/** @param {number} length */
function random(length) {
  return domBytes(crypto.getRandomValues(new Uint8Array(length)));
}

/** @param {Uint8Array} bytes @returns {Uint8Array<ArrayBuffer>} */
function domBytes(bytes) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
}
