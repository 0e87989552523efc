/**
 * Page script of the anonymous area (logical name `reporter.js`), for two pages: where a concern is written and sealed on the
 * device, and where its reporter comes back. This comment is the contract with the pages.
 *
 * BOTH PAGES
 *   <script src defer integrity>; the policy allows only this script and same-origin fetches, and requires Trusted Types.
 *   #without-script            visible as served: what to do without script (a plain link to the other page). Hidden by the script.
 *   #sealed[hidden]            root of all that needs the script; shown by it. If the page breaks this contract, it stays hidden.
 *     data-page                "concern" or "return"
 *     data-locale              "cy" or "en"
 *     data-day                 today in Europe/London, YYYY-MM-DD
 *     data-months              the twelve month names, January first, separated by "|"
 *     data-box                 address of the box, for example /cy/concern/box
 *     data-history             neutral address (same origin) that replaces the page's own in the tab's history
 *     data-error-prefix        optional: what the document's title begins with while a problem is told, for example "Gwall: "
 *     data-state               set by the script: ready, working, failed, unsure, busy, done; broken (the page is not as this says)
 *   [data-shown-when=STATE][hidden]  one message each for working, failed (nothing was sent; what was typed stays), unsure (the answer
 *                              did not arrive; sending again cannot make a second), busy (the server asks to wait). Anywhere.
 *   [data-step=NAME]           the steps of the page, all but the first hidden; each with a heading (h1 or h2), which takes focus,
 *                              and optionally data-title, the document's title then
 *   a[data-replace]            links that leave no entry in the history
 *   No <form> around any field. Fields: autocomplete=off, spellcheck=false, no name attribute except radios.
 *   Problem lines: each step (or template) that checks something has one [data-problems][hidden] box, and lines
 *   [data-problem=NAME][hidden] in it and, if wanted, beside fields; data-field on a line is the id of its field (aria-invalid is set).
 *   A code on the page: #code-words (ol, empty), <template id="code-word"> (li with a data-slot="word"), #code-other (lang of the other
 *   language), #code-digits, both empty and best in one <details>; buttons #code-copy, #code-print; #code-copied[hidden] and
 *   #code-not-copied[hidden], role=status.
 *
 * CONCERN PAGE, data-page="concern"
 *   <script type="application/json" id="readers">
 *     {"about": {"body": …, "kind": "system" | "matter", "subject": …},
 *      "readers": [{"key": b64u key id, "recipient": "age1pq1…", "sign": b64u, "person": opaque id of ≤ 32, "conflict": opaque id | null}]}
 *     Every key is computed again from recipient and sign; one that differs and the page is not used.
 *   step "write"
 *     [data-group=GROUP][data-when=WHEN]  a list of readers; WHEN is "always", "no-union", or a union's group "union:<branch id>": it is
 *                              shown, and its readers are sent to, only then. GROUP is "employer", "independent" or "union:<branch id>".
 *     [data-reader=KEY ID]     in a group: one reader, with [data-reader-name] (name or role), [data-slot=fingerprint] (filled by the
 *                              script: six words) and input[type=checkbox][data-leave-out]. Leaving a person out counts in all groups.
 *     #conflict-hint[hidden]   optional, role=status: shown while somebody of the same conflict group as a left-out person is still in;
 *                              a [data-slot=names] in it receives their names
 *     input[type=radio][name=union]   optional; value "" (no union) or "union:<branch id>"
 *     #union-more[hidden]      shown when a union is chosen; holds #union-consent (checkbox) and input[type=radio][name=scope] with the
 *                              values "everybody" and "union" (only the union for now)
 *     #body (textarea), #body-left (receives a number), #body-over[hidden] (with data-slot="over"); input[type=radio][name=lang] (cy, en;
 *     optional, else the page's language is the text's); #reporter-name (input, optional: empty = no name)
 *     #to-check (button). Problems: empty, long, name-long, readers (nobody is left), consent (union chosen without consent)
 *   step "check"
 *     #check-body (receives text; style white-space: pre-wrap), #check-name, #check-no-name, #check-readers (ul), <template id="check-reader">
 *     (li: slots name, fingerprint), #check-left-out (ul, same template), #check-nobody-left-out, #check-union-only[hidden]
 *     #to-write (button: change), #send (button). The browser's back and forward move between the two steps.
 *   step "receipt"             the code
 *
 * RETURN PAGE, data-page="return"
 *   step "words"               #words (textarea), #open (button). Problems: length, count, words (slot positions), check, unknown
 *   step "thread"              #threads (empty), #close (button); #locking-soon[hidden], role=status (two minutes before it closes by itself)
 *   Templates: as in threadview.js, that is
 *     <template id="thread">   one [data-thread="{key}"]; data-if may name joint, union, union-notes, employer-notes, named, unnamed; slot name; [data-readers]
 *                              and [data-entries] (lists, empty); reply: textarea#reply-{key}, #reply-{key}-left, #reply-{key}-over[hidden] (slot
 *                              over), button[data-reply], [data-sent][hidden]; input[type=radio][name=reply-lang-{key}] (cy, en; optional, else
 *                              the page's language is the text's); problems empty, long. `{key}` becomes the lane in id, for,
 *                              name, href, data-field, data-thread and aria-*by.
 *     <template id="thread-reader">  one reader; data-if/-unless: known, mine; slots name, fingerprint
 *     <template id="entry">    one genuine item; data-if: mine, reporter, known, unknown, device, server; slots name, fingerprint, day, body
 *     <template id="entry-problem">  data-if: changed, foreign, replayed, reordered, dropped
 *
 * ENDPOINTS (JSON of FORMAT.md section 9, canonical; no cookie, no referrer, not cached, no redirect)
 *   POST {box}         submission            201 {} | 409 (this locator or case is there already) | 422 | 429, 503 (busy)
 *   POST {box}/open    {"locator","v"}       200 delivery | 404; always asked for both lanes. A delivery may have "readers":
 *                                            [{"sign", "name"}] besides: what the page calls the readers whose keys the server knows
 *   POST {box}/reply   reply                 201 {} | 409 (prev is not the head: fetched, signed and sent again, up to three times) | 422
 */
import { beginConcern } from "./concern-page.js";
import { settings, start } from "./page.js";
import { beginReturn } from "./return-page.js";

start(() => (settings().page === "return" ? beginReturn() : beginConcern()));
