// The browser half's modules, on the page for the tests to call.
import * as age from "../../../anonymity/browser/age.js";
import * as beside from "../../../anonymity/browser/beside.js";
import * as canonical from "../../../anonymity/browser/canonical.js";
import * as change from "../../../anonymity/browser/change.js";
import * as file from "../../../anonymity/browser/file.js";
import * as fingerprint from "../../../anonymity/browser/fingerprint.js";
import * as grant from "../../../anonymity/browser/grant.js";
import * as item from "../../../anonymity/browser/item.js";
import * as keyring from "../../../anonymity/browser/keyring.js";
import * as padding from "../../../anonymity/browser/padding.js";
import * as receipt from "../../../anonymity/browser/receipt.js";
import { Sealing } from "../../../anonymity/browser/sealing.js";
import * as submission from "../../../anonymity/browser/submission.js";
import * as text from "../../../anonymity/browser/text.js";
import * as thread from "../../../anonymity/browser/thread.js";
import * as work from "../../../anonymity/browser/work.js";
import * as checks from "./checks.js";

import * as worker from "./worker.js";

globalThis.sealed = { age, beside, canonical, change, checks, file, fingerprint, grant, item, keyring, padding, receipt, Sealing, submission, text, thread, work, worker };
