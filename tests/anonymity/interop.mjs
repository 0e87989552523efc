// Runs npm age-encryption on behalf of test_interop.py: reads one JSON job from standard input, writes one JSON answer.
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

const job = JSON.parse(await new Response(process.stdin).text());
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const text = (octets) => Buffer.from(octets).toString("base64url");

const decrypter = new Decrypter();
decrypter.addIdentity(job.identity);
const opened = [];
for (const file of job.open) opened.push(await decrypter.decrypt(bytes(file)).then(text, () => null));

const encrypter = new Encrypter();
for (const recipient of job.recipients) encrypter.addRecipient(recipient);
const sealed = [];
for (const plain of job.seal) sealed.push(text(await encrypter.encrypt(bytes(plain))));

process.stdout.write(JSON.stringify({ opened, sealed, recipient: await identityToRecipient(job.identity) }));
