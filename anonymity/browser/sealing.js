/**
 * Sealing and opening, for page scripts. Everything that touches a key happens in a worker of its own: the page stays
 * responsive, and keys, codes and seeds live in that worker's memory only and die with it. This comment is the contract.
 *
 *   const sealing = await Sealing.start();   one worker; rejects if its source is not the very bytes that this script was built with
 *   sealing.end();                           lock: the worker is terminated; all that was asked or will be asked rejects with Ended
 *
 * Every method is asynchronous. Failures (errors.js) are: CannotOpen (anything that does not open or check; no reason given),
 * Mistyped (ten words; `reason`, `positions`), TooLong (does not fit its class), Stale (the epoch has changed since files were
 * sealed: open again, seal them again), Ended. A thread is named by its case id (b64u) everywhere. `json` is canonical and goes
 * over the wire as it is (FORMAT.md section 9). Octets given as Uint8Array or ArrayBuffer are transferred, the caller's are
 * empty afterwards; a Blob or File is read slice by slice, never whole.
 * `{onProgress}`: called with 0 … 1.
 *
 *   Spelt   {cy, en, digits}                 a code in its three spellings, each one string (join of ten by spaces)
 *   Card    {recipient, sign}                public half of somebody's keys (further members are ignored)
 *   Named   {key, cy, en}                    key id, and its fingerprint in six words of each language
 *   Text    {lang, day, body}                "cy" | "en", YYYY-MM-DD in London, tidy text (text.js) within BODY_LIMIT
 *   Entry   one of `files` as in FORMAT.md section 7: {blob, bytes, hash, name, original, type}
 *   View    a thread as read, all plain data:
 *     {lane, case, epoch, own, opener, name, about, beside,  own, opener: public signing keys; the next three from the opening, null without
 *      entries: [{verdict, item, place}],                  item (FORMAT.md section 7) for genuine entries only; place counts the files delivered
 *      readers: [{key, sign, cy, en}],                     who reads and writes now, the opener aside, fingerprints spelt
 *      known: [{key, sign, cy, en}],                       the same for everybody who ever did
 *      left_out: [opaque ids],                             now
 *      writable}                                           false: the epoch delivered as current is not the one that the authors made: write nothing
 *
 * CODES
 *   newCode() → Spelt                        draws one and holds it
 *   readCode(typed) → Spelt                  reads what somebody typed and holds it | Mistyped
 *   isCode(typed) → boolean                  is this the one that is held? | Mistyped
 *   fingerprints(cards) → [Named]            | CannotOpen if one is no card
 *
 * REPORTER (holds a code)
 *   beginConcern(lanes, {sameCode}) → {code: Spelt, threads: [{lane, case}]}   lanes: ["joint"], ["union"] or both. Draws a new code (or, with
 *                                            sameCode, keeps the one held, to add a lane later) and the case ids
 *   sealFile(case, {content, name, original, type}, {onProgress}) → {entry: Entry, frame: Uint8Array}   for a thread begun or opened. The frame is
 *                                            POSTed before the item that names the entry; then it may be forgotten. name is the neutral one
 *   makeConcern({about, left_out, lang, day, lanes: [{lane, readers: [Card], name, body, files: [Entry]}]})
 *       → {code: Spelt, submissions: [{lane, case, json}]}   for lanes begun, or, if none are begun, begins them. name: tidy or null. When both lanes
 *                                            are there the union lane is `beside` the joint one
 *   lookUps() → [{lane, json}]               the questions that find both lanes of the code held: always ask both
 *   openThreads([{lane, value}]) → [View]    value: a delivery as answered. For the code held
 *   fileLookUp(case, blob) → json            the question that fetches a file
 *   left out once written (changeReaders): as below
 *
 * READER (holds a keyring)
 *   makeKeyring() → {card, key, cy, en, code: Spelt}     new keys and new recovery words, both held
 *   sealKeyring({typed}) → {card, keyring} | null        keyring: b64u age file. Opened again before it is given out. null: not the words held | Mistyped
 *   sealKeyring({prf}) → {card, keyring}     prf: 32 octets from the passkey (WebAuthn PRF); for the keys held
 *   unlock({typed} | {prf}, {keyring, card}) → {card, key, cy, en}      holds the keys | Mistyped, CannotOpen
 *   openThread(value, case) → View           value: a delivery as answered for this case
 *   beginNotes(case, {lane, readers: [Card], left_out, lang, day, body}) → {case, json}   a notes lane beside an open thread; own card is added
 *   notesLookUps(case) → [{lane, json}]      {"locator", "v"} of the notes lanes beside an open thread
 *   exportThread(case) → [{name, octets}]    an open thread in plain parts (files are fetched and opened one by one)
 *   sealTo(recipients, content, {onProgress}) → Uint8Array      an age file for 1 to 32 recipients, for exports only; content may be a Blob
 *   putAside(text) → Uint8Array, bringBack(octets) → text     sealed to the reader themself: an answer begun survives the lock
 *
 * BOTH, for threads that are open
 *   reply(case, {lang, day, body, files: [Entry]}) → json      body may be "" with files
 *   changeReaders(case, {lang, day, body, add: [Card & {person}], drop: [key id], left_out: [opaque ids]}) → json
 *                                            a `readers` item with its grants. Only adding stays in the epoch; dropping somebody (a reader: themself =
 *                                            recusing) makes a new one. person: the portal's id; CannotOpen if that person is left out. left_out: newly,
 *                                            by the reporter only. After it was accepted fetch and open again; who recused themself: forget(case)
 *   openFile(case, blob, octets, {onProgress}) → {entry: Entry, octets: Uint8Array}   a file that a genuine item names; nothing is given out before size,
 *                                            hash, every chunk and the padding have agreed. Decide by the octets, not by entry.type, how to show it
 *   forget(case)                             wipes what is held of a thread
 */
