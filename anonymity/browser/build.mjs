/**
 * Builds the scripts that the portal serves, and says exactly what is in them.
 *
 *   node anonymity/browser/build.mjs [--out FOLDER] [--records FOLDER] [--entry NAME=FILE]
 *
 * --out      where the files go (portal/static/build); the names carry a hash of the content, so they never change meaning
 * --records  where BUNDLES.sha256 and LICENSES.txt go (beside this file); both are committed, and a test rebuilds and compares
 * --entry    build this one script and the workers instead of the portal's own (the tests' harness); nothing is recorded then
 *
 * Same sources, same lock file: same bytes. Nothing here reads the clock, the machine or the network.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, "../..");
const MODULES = path.join(ROOT, "node_modules");
const POST_QUANTUM = path.join(MODULES, "@noble/post-quantum");

const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: path.join(ROOT, "portal/static/build") },
    records: { type: "string", default: HERE },
    entry: { type: "string" },
  },
});

/**
 * One copy of @noble/curves and @noble/hashes: the one that @noble/post-quantum is pinned to also satisfies age-encryption's
 * range. Two copies would cost every reporter 10 kB.
 */
const oneNoble = {
  name: "one-noble",
  setup(b) {
    b.onResolve({ filter: /^@noble\/(curves|hashes)\// }, (args) =>
      args.pluginData === "resolved" ? null : b.resolve(args.path, { resolveDir: POST_QUANTUM, kind: args.kind, pluginData: "resolved" }),
    );
  },
};

/** age-encryption exports only its whole; age.js needs four of its files and none of its other recipient types. */
const ageParts = {
  name: "age-parts",
  setup(b) {
    b.onResolve({ filter: /^age-encryption\/dist\// }, (args) => ({ path: path.join(MODULES, args.path) }));
  },
};

/**
 * hybrid.js makes five constants of key types that we never use; the comment tells esbuild that they may be left out. Only
 * comments are added, and a version of the file where the lines look otherwise stops the build.
 */
const unusedKeyTypes = {
  name: "unused-key-types",
  setup(b) {
    b.onLoad({ filter: /@noble\/post-quantum\/hybrid\.js$/ }, async (args) => {
      let marked = 0;
      const mark = (_, before, call) => (marked++, `${before}/* @__PURE__ */ ${call}(`);
      const contents = (await readFile(args.path, "utf8"))
        .replace(/^((?:export )?const \w+ = )(QSF|createKitchenSink|ecdhKem)\(/gm, mark)
        .replace(/(^export const QSF_.*?, )(ecdhKem)\(/gm, mark);
      if (marked !== 6) throw new Error(`@noble/post-quantum/hybrid.js has changed: ${marked} calls marked instead of 6`);
      return { contents, loader: "js" };
    });
  },
};

/** @returns {Promise<{bytes: Buffer, packages: Set<string>}>} a script, and the packages that it holds something of */
async function bundle(entry, define = {}) {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    loader: { ".txt": "text" },
    define,
    plugins: [oneNoble, ageParts, unusedKeyTypes],
    write: false,
    metafile: true,
    outfile: "bundle.js",
    logLevel: "warning",
  });
  const [output] = Object.values(result.metafile.outputs);
  const used = Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0);
  return { bytes: Buffer.from(result.outputFiles[0].contents), packages: new Set(used.map(([file]) => packageOf(file)).filter(Boolean)) };
}

/** @returns {string | null} the folder, from the project's root, of the npm package that a file belongs to */
function packageOf(file) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match ? match[1] : null;
}

async function scripts() {
  const worker = await bundle(path.join(HERE, "sealing-worker.js"));
  const { file, integrity } = named("sealing.js", worker.bytes);
  const cleaner = await bundle(path.join(HERE, "cleaning-worker.js"));
  const cleaning = named("cleaning.js", cleaner.bytes);
  const define = {
    CLEANING_WORKER: JSON.stringify({ file: cleaning.file, integrity: cleaning.integrity }),
    SEALING_WORKER: JSON.stringify({ file, integrity }),
  };
  if (options.entry) {
    const [name, entry] = options.entry.split("=");
    return { [name]: await bundle(path.resolve(entry), define), "cleaning.js": cleaner, "sealing.js": worker };
  }
  return {
    "boxes.js": await bundle(path.join(HERE, "boxes-page.js")),
    "cleaning.js": cleaner,
    "client.js": await bundle(path.join(HERE, "client.js"), define),
    "counting.js": await bundle(path.join(HERE, "counting-page.js")),
    "desk.js": await bundle(path.join(HERE, "desk.js"), define),
    "live.js": await bundle(path.join(HERE, "live.js")),
    "queue.js": await bundle(path.join(HERE, "queue-page.js")),
    "reporter.js": await bundle(path.join(HERE, "reporter.js"), define),
    "sealing.js": worker,
  };
}

/** @returns {{file: string, sha256: string, integrity: string}} a script's name, which holds its hash, and its digests */
function named(name, bytes) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const integrity = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  return { file: `${path.parse(name).name}-${sha256.slice(0, 16)}.js`, sha256, integrity };
}

/** Write a script with its compressed twins. @returns what the manifest says of it */
async function place(name, bytes) {
  const { file, sha256, integrity } = named(name, bytes);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const target = path.join(options.out, file);
  await writeFile(target, bytes);
  await writeFile(`${target}.br`, brotli);
  await writeFile(`${target}.gz`, gzipSync(bytes, { level: 9 }));
  return { file, sha256, integrity, bytes: bytes.length, brotli: brotli.length };
}

/** Files of an earlier build go: their names are a script's name and a hash. */
async function sweep(keep) {
  const ours = /^[a-z]+-[0-9a-f]{16}\.js(\.br|\.gz)?$/;
  for (const file of await readdir(options.out)) {
    if (ours.test(file) && !keep.has(file.replace(/\.(br|gz)$/, ""))) await rm(path.join(options.out, file));
  }
}

async function licences(packages) {
  const parts = ["Licences of everything in the scripts that the portal serves. Made by anonymity/browser/build.mjs.\n"];
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(ROOT, folder, "package.json"), "utf8"));
    const text = await readFile(path.join(ROOT, folder, "LICENSE"), "utf8");
    parts.push(`${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
  }
  return parts.join("\n");
}

const built = await scripts();
await mkdir(options.out, { recursive: true });
const manifest = {};
for (const [name, { bytes }] of Object.entries(built)) manifest[name] = await place(name, bytes);
await writeFile(path.join(options.out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await sweep(new Set(Object.values(manifest).map(({ file }) => file)));

if (!options.entry) {
  await mkdir(options.records, { recursive: true });
  const sums = Object.entries(manifest).map(([name, { sha256 }]) => `${sha256}  ${name}\n`);
  await writeFile(path.join(options.records, "BUNDLES.sha256"), sums.join(""));
  const packages = new Set(Object.values(built).flatMap((script) => [...script.packages]));
  await writeFile(path.join(options.records, "LICENSES.txt"), await licences(packages));
}
