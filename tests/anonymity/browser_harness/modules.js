// The browser half's modules, on the page for the tests to call.
import * as age from "../../../anonymity/browser/age.js";
import * as canonical from "../../../anonymity/browser/canonical.js";
import * as fingerprint from "../../../anonymity/browser/fingerprint.js";
import * as grant from "../../../anonymity/browser/grant.js";
import * as item from "../../../anonymity/browser/item.js";
import * as keyring from "../../../anonymity/browser/keyring.js";
import * as padding from "../../../anonymity/browser/padding.js";
import * as receipt from "../../../anonymity/browser/receipt.js";
import * as submission from "../../../anonymity/browser/submission.js";
import * as thread from "../../../anonymity/browser/thread.js";
import * as checks from "./checks.js";

globalThis.sealed = { age, canonical, fingerprint, grant, item, keyring, padding, receipt, submission, thread, checks };
