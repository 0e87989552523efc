/**
 * Page script of the recipients (logical name `desk.js`), for two signed-in pages: where somebody makes their keys, and where sealed
 * concerns are opened and answered. This comment is the contract with the pages.
 *
 * BOTH PAGES: as reporter.js says of #without-script, #sealed, data-locale, data-day, data-months, data-state, [data-shown-when],
 * [data-step], problem lines and the code's elements (#code-…). No data-history and no data-box; instead:
 *   <meta name="csrf" content>  goes back as the header X-CSRF-Token with every POST
 *   data-page                  "keys" or "desk"
 *   data-keys                  address of the keys, for example /cy/my/keys
 *   data-concerns              address of the concerns (desk page), for example /cy/my/concerns
 *
 * KEYS PAGE, data-page="keys"
 *   step "start"               #make-keys (button): makes keys and recovery words on the device; nothing is sent
 *   step "words"               the code (ten recovery words), #written-down (button)
 *   step "confirm"             #confirm-words (textarea), #back-to-words, #save-keys (buttons). Problems: length, count, words (slot positions),
 *                              check, other (a right code, but not this one)
 *   step "saved"               #fingerprint, #fingerprint-other: six words each, in the page's language and in the other one
 *
 * DESK PAGE, data-page="desk"
 *   step "locked"              #words (textarea), #unlock (button). Problems: length, count, words, check, unknown (these words do not open the keys)
 *   step "list"                the list, as the server made it: button[data-case=CASE ID (b64u)], one for each concern; #lock (button).
 *                              data-case on #sealed itself, if given, is opened at once after unlocking.
 *   step "thread"              #threads (empty), #to-list, #lock-thread (buttons)
 *   #locked-idle[hidden]       role=status, in step "locked": it locked by itself
 *   An answer begun and not sent is kept, sealed to its writer, while the page is open: it is there again when its concern is opened.
 *   #locking-soon[hidden]      role=status, outside the steps: two minutes before that
 *   Templates thread, thread-reader, entry, entry-problem: as reporter.js says
 *
 * ENDPOINTS (same origin, with the session's cookie; JSON)
 *   POST {keys}                {"card": {"recipient", "sign", "v"}, "keyring": b64u, "v": 1}     201 | 409, 422
 *   GET  {keys}/ring           200 {"card": {"recipient", "sign", "v"}, "keyring": b64u} | 404
 *   GET  {concerns}/CASE/thread   200 delivery (FORMAT.md section 9) with "readers": [{"key", "sign", "name"}] besides: what the page calls
 *                              the readers whose keys the server knows | 404
 *   POST {concerns}/CASE/items    a reader's reply (FORMAT.md section 9)      201 | 409 (fetched, signed and sent again, up to three times) | 404, 422
 */
import { beginDesk } from "./desk-page.js";
import { beginKeys } from "./keys-page.js";
import { settings, start } from "./page.js";

start(() => (settings().page === "keys" ? beginKeys() : beginDesk()));
