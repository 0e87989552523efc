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
 *   step "list"                #search-words (input), #search-go (button), #search-said (role=status), #found (ul, empty): words are looked for in what was
 *                              opened here. data-case on #sealed, if given, is opened at once
 *   step "thread"              #threads, #notes (empty), #viewer[hidden] (empty)
 *   step "people"              #people (empty), #looking, #nobody-waits, #people-failed (all hidden)
 *   [data-lock], [data-to-list], [data-to-people]  buttons, anywhere
 *   #locked-idle[hidden], #locked-first[hidden]   role=status, in step "locked": it locked by itself; a line was pressed before it was unlocked
 *   #locking-soon[hidden]      role=status, outside the steps: two minutes before that
 *   THE SERVER'S PARTS, outside #sealed, which work without script as well. With it their links and forms below {concerns} are fetched with the header
 *   HX-Request: true and put in place, and the address goes along; nothing reloads, so nothing locks. A link with a target, download or data-whole is left alone.
 *     #queue                   block `queue` of the page of lists. Empty on the page of one concern. Shown with steps list and locked. Any other page below {concerns}
 *                              that a link or form of it leads to stands here as well (its #main); with an h1 of its own, the step's own is put away.
 *                              A line's link: a[data-case=CASE] to {concerns}/CASE, with [data-slot="title"] in it (filled on the device for lines on the
 *                              screen), in a li or tr
 *     #told                    block `told` of the page of one concern: {concerns}/CASE. Empty on the page of lists. Shown with step "thread".
 *                              form[data-claim]  is sent by the device when the thread is opened; [data-taken]: somebody else of one's side works on it (the words say
 *                              who and since when, a form beside takes it over): what goes to the reporter can only be read until then.
 *     Both: #status in a fragment is said to those who do not see it (the page's own #status), .problem[role=alert] in it takes the focus, else [autofocus],
 *     else what had it; what was typed in other forms of the part stays. A fragment with 422 holds its own .problem.
 *   An answer begun and not sent is kept, sealed to its writer, while the page is open: it is there again when its concern is opened.
 *   <script type="text/plain" id="export-readme">: the text that goes into an export, both languages
 *   Templates thread, thread-reader, entry, entry-problem, thread-file, added-file: as reporter.js and threadview.js say; and
 *     ink                      stands below a thread's heading: who reads what is written there; data-if joint, union, union-notes, employer-notes
 *     beside-line              into the line of a union's thread that stands below the one with everybody
 *     beside-thread            below the thread with everybody: slot title, button
 *     reply-pairs, answer-together, answer-selected, answer-line, answers-counted, answers-sent   answers from agreed replies; step "answers" (desk-answers.js)
 *     mandate-shown            data-if given, back, over; slots who, what, until; button[data-fill], [data-elsewhere][hidden]
 *     told-suggested, told-beside   into the form that takes a concern on
 *     told-failed              into #told, when it did not come
 *     found-line, search-result   slots title, piece, button; slots found, opened, data-if some, empty
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
 *   GET  {concerns}/openings?case=…&case=…   200 {"openings": [delivery of the first item alone]}: those of the cases that the reader may open
 *   GET  {concerns}/waiting    200 {"waiting": [CARD & {"cases": [{"case", "body", "week"}]}], "ended": [the same]}
 *   GET  {concerns}/replies/ready   200 {"pairs": [{"id", "home", "purpose", "for", "name", "cy", "en"}]}
 *   GET  [data-threads] of a page of one cause   200 {"threads": [{"case", "lang"}], "text": {"cy", "en"} | null, "said": {"cy", "en"} | null, …}
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
