/**
 * Page script of the recipients (logical name `desk.js`), for two signed-in pages: where somebody makes and keeps their keys, and where
 * sealed concerns are opened and answered. All keys live in the sealing worker (sealing.js). This comment is the contract with the pages.
 *
 * BOTH PAGES: as reporter.js says of #without-script, #sealed, data-locale, data-day, data-months, data-state, [data-shown-when],
 * [data-step], problem lines, #progress and the code's elements (#code-…). No data-history and no data-box; instead:
 *   <meta name="csrf" content>  goes back as the header X-CSRF-Token with every POST
 *   data-page                  "keys" or "desk"
 *   data-keys                  address of the keys, for example /cy/my/keys
 *   data-concerns              address of the concerns (desk page), for example /cy/my/concerns
 *   step "locked"              #words (textarea), #unlock (button). Problems: length, count, words (slot positions), check, unknown (this does not open the
 *                              keys), no-secret (the passkey gives none), not-allowed (the passkey was not given, or not in time).
 *                              Where passkeys are: #unlock-passkey[hidden] (button), and <script type="application/json" id="passkeys">
 *                              [{"credential", "salt", "transports"}]: what the browser needs to ask for them
 *
 * KEYS PAGE, data-page="keys"; data-passkey-name: what the device lists a new passkey under
 *   Without keys: step "start", with #make-keys. With keys: step "keys", with any of #change-words, #new-keys, #show-identity, #add-passkey[hidden] (buttons);
 *   step "locked" (what changes or shows the keys unlocks them first); step "identity", with #identity (receives the private key); step "new" (what making new keys does), with #make-new-keys;
 *   step "passkey", with #make-passkey, problems no-secret, not-allowed; steps "saved-words", "saved-passkey".
 *   Both: step "words"         the code (ten recovery words), #written-down (button)
 *   step "confirm"             #confirm-words (textarea), #back-to-words, #save-keys (buttons). Problems: length, count, words (slot positions),
 *                              check, other (a right code, but not this one)
 *   step "saved"               #fingerprint, #fingerprint-other: six words each, in the page's language and in the other one
 *   button[data-back-to-keys]  forgets what was begun; #beside-keys (outside #sealed, works without script) is shown with step "keys" only
 *
 * DESK PAGE, data-page="desk"
 *   step "list"                #concerns: lines as the server made them, each a button[data-case=CASE ID (b64u)] with a data-slot="title" (filled on the
 *                              device, for lines on the screen); #more[hidden] (button, data-next: where the next lines begin), <template id="line">
 *                              (one li, as the server's; slots body, week; data-if new, acknowledged, closed). data-case on #sealed, if given, is opened at once
 *   step "thread"              #threads, #notes (empty), #viewer[hidden] (empty)
 *   step "people"              #people (empty), #looking, #nobody-waits, #people-failed (all hidden)
 *   [data-lock], [data-to-list], [data-to-people]  buttons, anywhere
 *   #locked-idle[hidden]       role=status, in step "locked": it locked by itself
 *   #locking-soon[hidden]      role=status, outside the steps: two minutes before that
 *   An answer begun and not sent is kept, sealed to its writer, while the page is open: it is there again when its concern is opened.
 *   <script type="text/plain" id="export-readme">: the text that goes into an export, both languages
 *   Templates thread, thread-reader, entry, entry-problem, thread-file, added-file: as reporter.js and threadview.js say; and
 *     notes-only               stands below the heading of notes: whose they are; data-if union-notes, employer-notes
 *     desk-more                what stands below a thread; data-if its lane, writable, unlisted (about a tool that is not in the register), may_hold, held, unheld. [data-earlier] (ul), [data-if-earlier][hidden];
 *                              if writable: [data-candidates] (ul), [data-if-none][hidden], button[data-leave], [data-last][hidden], [data-let-in], [data-removed]
 *                              (hidden, role=status); button[data-hold]; [data-export-part] with input[data-own], textarea[data-recipients], button[data-export],
 *                              [data-exported][hidden], problems recipient, nobody
 *     desk-reader              one who reads or read: slots name, fingerprint; data-if mine, confirmed, unconfirmed, ended, removable (button[data-remove])
 *     candidate                one who may be let in: slots name, fingerprint; data-if confirmed (with a button), unconfirmed (without)
 *     begin-notes              the first note of a lane: as a thread's reply, with button[data-begin]; problems empty, long
 *     viewer-file              one section; slot name; data-if picture, text, sound, film, other; [data-shows=…] iframe (picture, text), audio, video;
 *                              button[data-download], button[data-close]
 *     person                   one section; data-if waiting, ended, confirmed, unconfirmed; slots name, fingerprint; [data-cases] (ul), button[data-all],
 *                              button[data-stop][hidden], progress[hidden]
 *     person-case              one li; slots title, body, week; one button; [data-result="done"][hidden], [data-result="failed"][hidden]
 *
 * ENDPOINTS (same origin, with the session's cookie; canonical JSON). KEYRING is b64u of an age file; PROOF the signature that
 * sealing.js calls proveKeyring. CARD is {"key", "recipient", "sign", "person", "name", "state": "confirmed" | "unconfirmed" | "ended", "side": "union" | "employer"}
 *   POST {keys}                {"card": {"recipient", "sign", "v"}, "keyring": KEYRING, "v": 1}     201 | 409 (there are keys), 422
 *   POST {keys}/new            the same, in place of the live keys, which end     201 | 404 (there are none), 422
 *   POST {keys}/words          {"keyring": KEYRING, "proof": PROOF, "v": 1}: other recovery words     201 | 404, 422
 *   POST {keys}/passkeys       {"credential", "keyring", "proof", "salt", "transports", "v": 1}     201 | 404, 409 (too many), 422
 *   GET  {keys}/ring           200 {"card": {"recipient", "sign", "v"}, "keyring": KEYRING, "passkeys": [{"credential", "keyring"}]} | 404
 *   GET  {concerns}/lines?after=…   200 {"lines": [{"key": CASE, "body", "week", "state"}], "next": … | null}
 *   GET  {concerns}/openings?case=…&case=…   200 {"openings": [delivery of the first item alone]}: those of the cases that the reader may open
 *   GET  {concerns}/waiting    200 {"waiting": [CARD & {"cases": [{"case", "body", "week"}]}], "ended": [the same]}
 *   GET  {concerns}/CASE/thread     200 delivery (FORMAT.md section 9) & {"readers": [CARD of everybody who ever held a grant], "candidates": [CARD],
 *                              "side", "expires": day, "held", "may_hold"} | 404
 *   POST {concerns}/CASE/items      a reader's reply      201 | 409 (fetched, signed and sent again, up to three times) | 404, 422.
 *                              No answer: `unsure`; the next try, refused with 409, first looks whether it stands in the thread
 *   POST {concerns}/CASE/readers    a change of readers   the same; 404 for whoever has left by it
 *   429 and 503 from any of them: the page says `busy`, and nothing on it is lost
 *   POST {concerns}/CASE/files      a file's frame (octets)   201 | 404, 409, 413, 422
 *   GET  {concerns}/CASE/files/BLOB     200 the age file | 404
 *   POST {concerns}/CASE/hold       {"held": true | false, "v": 1}   200 | 404
 *   POST {concerns}/notes           a submission of a notes lane   201 | 409 (somebody who let the reader in was quicker; not with ?anew=yes) | 404, 422
 *   POST {concerns}/lookup          {"locator", "v"} of notes      200 {"lanes": [each as …/thread, that which most can read first]} | 404
 */
import { beginDesk } from "./desk-page.js";
import { beginKeys } from "./keys-page.js";
import { settings, start } from "./page.js";

start(() => (settings().page === "keys" ? beginKeys() : beginDesk()));
