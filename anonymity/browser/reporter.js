/**
 * Page script of the anonymous area (logical name `reporter.js`), for two pages: where a concern is written and sealed on the
 * device, and where its reporter comes back. This comment is the contract with the pages.
 *
 * BOTH PAGES
 *   <script src defer integrity>; the policy allows only this script, same-origin fetches, workers from blobs, and the Trusted Types
 *   policy "sealing-worker". Two workers: sealing (at once) and cleaning (with the first file). A page that has to work from a file
 *   holds their sources in <script type="text/plain" id="sealing-worker"> and id="cleaning-worker".
 *   #without-script            visible as served: what to do without script (a plain link to the other page). Hidden by the script.
 *   #sealed[hidden]            root of all that needs the script; shown by it. If the page breaks this contract, or the worker does not
 *                              start, it stays hidden.
 *     data-page                "concern" or "return"
 *     data-locale              "cy" or "en"
 *     data-day                 today in Europe/London, YYYY-MM-DD
 *     data-months              the twelve month names, January first, separated by "|"
 *     data-box                 address of the box, for example /cy/concern/box
 *     data-file-words          address of the words about files (files.js), unless the page holds them in a JSON script #file-words
 *     data-history             neutral address (same origin) that replaces the page's own in the tab's history
 *     data-error-prefix        optional: what the document's title begins with while a problem is told, for example "Gwall: "
 *     data-state               set by the script: ready, working, failed, unsure, busy, done; broken (the page is not as this says)
 *   [data-shown-when=STATE][hidden]  one message each for working, failed (nothing was sent; what was typed stays), unsure (the answer
 *                              did not arrive; sending again cannot make a second), busy (the server asks to wait). Anywhere.
 *   progress#progress[hidden]  how far the files are
 *   #turning[hidden]           shown when the language link is followed while something would be lost: #turn-anyway (a link, or a button of
 *                              the form #again, as the switch is), button#stay-here
 *   [data-step=NAME]           the steps of the page, all but the first hidden; each with a heading (h1 or h2), which takes focus,
 *                              and optionally data-title, the document's title then; button[data-back] goes back one
 *   a[data-replace]            links that leave no entry in the history
 *   No <form> around any field: forms hold hidden fields alone, with what was chosen before. Fields: autocomplete=off, spellcheck=false, no name attribute except radios.
 *   Problem lines: each step (or template) that checks something has one [data-problems][hidden] box, and lines
 *   [data-problem=NAME][hidden] in it and, if wanted, beside fields; data-field on a line is the id of its field (aria-invalid is set).
 *   A code on the page: #code-words (ol, empty), <template id="code-word"> (li with a data-slot="word"), #code-other (lang of the other
 *   language), #code-digits, both empty and best in one <details>; buttons #code-copy, #code-print; #code-copied[hidden] and
 *   #code-not-copied[hidden], role=status. #proof asks for two of its words: slots first, second; #proof-first, #proof-second,
 *   #proof-check, #proof-right[hidden]; problems first, second.
 *   Files: files.js says what a [data-add-files] holds. Shown files: viewer.js (#viewer, <template id="viewer-file">).
 *
 * CONCERN PAGE, data-page="concern"
 *   <script type="application/json" id="readers">
 *     {"about": {"body": …, "kind": "system" | "matter", "subject": …},
 *      "readers": [{"key": b64u key id, "recipient": "age1pq1…", "sign": b64u, "person": opaque id of ≤ 32, "conflict": opaque id | null}]}
 *     Every key is computed again from recipient and sign; one that differs and the page is not used.
 *   <script type="application/json" id="story-words">   {"cy": {…}, "en": {…}}: the words that stand before the answers in the text: when,
 *     called, where, ongoing, affected, ongoing-<value>, affected-<value>, only-a-name (opens the union's thread when only a name is given there)
 *   step "readers"
 *     [data-group=GROUP][data-when=WHEN]  a list of readers; WHEN is "always", "no-union", or a union's group "union:<branch id>": it is
 *                              shown, and its readers are sent to, only then. GROUP is "employer", "independent" or "union:<branch id>".
 *     [data-reader=KEY ID]     in a group: one reader, with [data-reader-name] (name or role), [data-slot=fingerprint] (filled by the
 *                              script: six words) and input[type=checkbox][data-leave-out]. Leaving a person out counts in all groups.
 *     #conflict-hint[hidden]   role=status: shown while somebody of the same conflict group as a left-out person is still in;
 *                              [data-slot=names] receives their names, button#leave-out-near leaves them out as well
 *     input[type=radio][name=union]   value "" (no union) or "union:<branch id>"
 *     [data-with=union][hidden]  shown when a union is chosen; holds #union-consent (checkbox) and input[type=radio][name=scope] with the
 *                              values "everybody" and "union" (only the union for now)
 *     [data-with=beside][hidden]  anywhere: shown when a union is chosen and everybody is to read
 *     #to-write (button). Problems: readers (nobody is left), consent (union chosen without consent)
 *   step "write"
 *     #body (textarea), #body-left (receives a number), #body-over[hidden] (with data-slot="over"); input[type=radio][name=lang] (cy, en);
 *     #tool-called and #tool-where (inputs, optional: about a tool that is not in the register), #when (input), input[type=radio][name=ongoing] (yes, no, unsure), input[data-affected] (checkboxes, optional);
 *     #urgent-part[hidden] with #urgent (checkbox): there while it may be going on; input[type=radio][name=whom] (nobody, everybody, union),
 *     #name-part[hidden] with #reporter-name; #private (textarea) with #private-left, #private-over; one [data-add-files]
 *     #to-check (button). Problems: empty, long, no-name, name-long, no-union, private-long, files-busy
 *   step "check"
 *     #check-lanes (empty), <template id="check-lane">: data-if joint, union, beside, named, unnamed; slots body, name; [data-check-readers];
 *     <template id="check-reader"> (li: slots name, fingerprint), #check-left-out (ul, same template), #check-nobody-left-out;
 *     #check-files (ul), <template id="check-file"> (slots name, original; data-if told), #check-no-files; #check-urgent[hidden]
 *     #send (button). The browser's back and forward move between the steps.
 *   step "receipt"             the code; #called[hidden] and #not-called[hidden]: the readers were emailed at once, or could not be
 *
 * RETURN PAGE, data-page="return"
 *   step "words"               #words (textarea), #open (button). Problems: length, count, words (slot positions), check, unknown
 *   step "thread"              #threads, #share (empty), #viewer, #close (button); #locking-soon[hidden], role=status (two minutes before it
 *                              closes by itself)
 *   Templates: as in threadview.js, that is
 *     <template id="thread">   one [data-thread="{key}"]; data-if may name joint, union, union-notes, employer-notes, named, unnamed, until, held,
 *                              writable, unwritable; slots name, expires; [data-readers] and [data-entries] (lists, empty); reply:
 *                              textarea#reply-{key}, #reply-{key}-left, #reply-{key}-over[hidden] (slot over), button[data-reply],
 *                              [data-add-files] (optional); [data-sent=""][hidden] and [data-sent=readers][hidden]; [data-more] (empty);
 *                              input[type=radio][name=reply-lang-{key}] (cy, en; optional, else the page's language is the text's);
 *                              problems empty, long, files-busy. `{key}` becomes the lane in id, for, name, href, data-field, data-thread
 *                              and aria-*by.
 *                              For the reporter besides data-if: unanswered, over, asks30, asks90, late
 *     <template id="mandate">  optional, for the union's thread: [data-mandate] with #mandate-who, checkboxes, #mandate-else, #mandate-until (day, -month, -year),
 *                              button[data-give], button[data-take-back]; problems who, what, until. With #mandate-words: JSON, by language (mandates.py)
 *     <template id="thread-reader">  one reader; data-if/-unless: known, mine; slots name, fingerprint
 *     <template id="entry">    one genuine item; data-if: mine, reporter, known, unknown, device, server, said, readers (with [data-now]), files
 *                              (with [data-files]); slots name, fingerprint, day, body
 *     <template id="thread-file">    one file; slots name, size; button[data-open]
 *     <template id="entry-problem">  data-if: changed, foreign, replayed, reordered, dropped
 *   and of readership-view.js: <template id="change-readers">, "reader-choice", "share-later".
 *
 * ENDPOINTS (JSON of FORMAT.md section 9, canonical; no cookie, no referrer, not cached, no redirect)
 *   POST {box}            submission         201 {} | 409 (this locator or case is there already) | 422 | 429, 503 (busy)
 *   POST {box}/open       {"locator","v"}    200 delivery | 404; always asked for both lanes. A delivery may have "readers":
 *                                            [{"sign", "name"}] besides: what the page calls the readers whose keys the server knows;
 *                                            "expires" (YYYY-MM-DD) and "held"; "asks" ("00", "30", "90": the portal's own question)
 *                                            and "late" ("0", "1"), of the same size whatever they say
 *   POST {box}/reply      reply              201 {} | 409 (prev is not the head: fetched, signed and sent again, up to three times) | 422.
 *                                            No answer: `unsure`; the next try first looks whether it stands in the thread
 *   POST {box}/file       frame of a file    201 {} | 409 | 413 | 422 | 429
 *   POST {box}/file/open  {"blob","locator","v"}   200 the age file | 404
 *   POST {box}/readers    change of readers  201 {} | 409 | 422. No answer: `unsure`; the next try first looks whether it stands
 *   POST {box}/cards      {"about","v"}      200 {"readers": [{key, recipient, sign, person, conflict, group, lane, name, post, apart}], …} | 404
 *   POST {box}/urgent     {"locator","v"}    201 {}: everybody who can open the thread will be emailed | 404 | 429
 *   429 and 503 from any of them: `busy`, after asking again a few times
 */
import { beginConcern } from "./concern-page.js";
import { solveWith } from "./network.js";
import { settings, start } from "./page.js";
import { beginReturn } from "./return-page.js";
import { Sealing } from "./sealing.js";

/** @returns {Promise<Sealing>} a worker with nothing in its memory; it also does the work that the box asks for */
async function startSealing() {
  const sealing = await Sealing.start();
  solveWith(sealing.work);
  return sealing;
}

start(async () => {
  const sealing = await startSealing();
  return settings().page === "return" ? beginReturn(sealing, startSealing) : beginConcern(sealing);
});
