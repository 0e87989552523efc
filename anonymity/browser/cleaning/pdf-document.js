/** Finding the objects of a PDF file: by its tables, or, when they are wrong, by looking through the whole file. */
import { Lexer, Name, Ref, Stream, Word } from "./pdf-syntax.js";
import { filtersOf, numberOf, undo } from "./pdf-filters.js";
import { CannotClean, latin1, sound } from "./source.js";

const MOST_OBJECTS = 100_000;
const MOST_SECTIONS = 1_000;

/** @param {number} objects */
function bound(objects) {
  if (objects > MOST_OBJECTS) throw new CannotClean("too_complex");
}

export class Document {
  /** @param {Uint8Array} bytes @param {import("./inflate.js").Budget} budget */
  constructor(bytes, budget) {
    this.bytes = bytes;
    this.budget = budget;
    /** @type {Map<number, {at: number} | {within: number, index: number}>} */
    this.places = new Map();
    this.objects = new Map();
    this.packs = new Map();
    this.trailer = new Map();
    this.sections = 0;
    this.resolve = this.resolve.bind(this);
    this.open();
  }

  open() {
    try {
      this.readSections();
      sound(this.root() && this.resolve(this.root().get("Pages")) instanceof Map);
    } catch (error) {
      if (!(error instanceof CannotClean) || error.reason !== "damaged") throw error;
      if (!this.trailer.has("Encrypt")) this.rebuild();
    }
    if (this.trailer.has("Encrypt")) throw new CannotClean("encrypted");
    sound(this.root());
  }

  /** @returns {Map<string, unknown> | null} the catalogue */
  root() {
    const found = this.resolve(this.trailer.get("Root"));
    return found instanceof Map ? found : null;
  }

  /** @param {unknown} value @returns {unknown} what it stands for if it is a reference; null for an object that is not there */
  resolve(value) {
    for (let hops = 0; value instanceof Ref; hops++) {
      sound(hops < 32);
      value = this.object(value.number);
    }
    return value ?? null;
  }

  object(number) {
    if (this.objects.has(number)) return this.objects.get(number);
    const place = this.places.get(number);
    if (!place) return null;
    this.objects.set(number, null);
    const found = place.within === undefined ? this.readAt(place.at, number) : this.pack(place.within).get(number);
    this.objects.set(number, found ?? null);
    return found ?? null;
  }

  /** @param {number} at @param {number | null} number the object that must stand here; null for any */
  readAt(at, number = null) {
    const lexer = new Lexer(this.bytes, at);
    const [own, generation, word] = [lexer.next(), lexer.next(), lexer.next()];
    sound(typeof own === "number" && typeof generation === "number" && word instanceof Word && word.text === "obj");
    sound(number === null || own === number);
    const value = lexer.next();
    if (value instanceof Word) return null;
    if (!(value instanceof Map)) return value ?? null;
    lexer.skipWhite();
    return lexer.passes("stream") ? this.stream(value, lexer.at) : value;
  }

  stream(dict, at) {
    if (this.bytes[at] === 13) at++;
    if (this.bytes[at] === 10) at++;
    const length = this.resolve(dict.get("Length"));
    const end = at + length;
    const fits = Number.isInteger(length) && length >= 0 && /^\s*endstream/.test(latin1(this.bytes, end, Math.min(end + 16, this.bytes.length)));
    return new Stream(dict, this.bytes.subarray(at, fits ? end : this.endOfStream(at)));
  }

  endOfStream(at) {
    const end = find(this.bytes, "endstream", at);
    sound(end >= 0);
    if (this.bytes[end - 1] === 10) return this.bytes[end - 2] === 13 ? end - 2 : end - 1;
    return this.bytes[end - 1] === 13 ? end - 1 : end;
  }

  /** @param {Stream} stream @returns {Uint8Array} its content with every filter undone */
  content(stream) {
    let { bytes } = stream;
    for (const filter of filtersOf(stream.dict, this.resolve)) {
      bytes = undo(bytes, filter, this.budget, this.resolve);
      sound(bytes);
    }
    return bytes;
  }

  /** @param {number} number @returns {Map<number, unknown>} the objects of an object stream */
  pack(number) {
    if (this.packs.has(number)) return this.packs.get(number);
    this.packs.set(number, new Map());
    const stream = this.object(number);
    sound(stream instanceof Stream);
    const bytes = this.content(stream);
    const count = numberOf(this.resolve(stream.dict.get("N")));
    const first = numberOf(this.resolve(stream.dict.get("First")));
    sound(count >= 0 && count <= MOST_OBJECTS && first >= 0);
    const index = new Lexer(bytes);
    const found = new Map();
    for (let n = 0; n < count; n++) {
      const [own, offset] = [index.next(), index.next()];
      sound(typeof own === "number" && typeof offset === "number");
      found.set(own, new Lexer(bytes, first + offset).next());
    }
    this.packs.set(number, found);
    return found;
  }

  readSections() {
    const tail = latin1(this.bytes, Math.max(0, this.bytes.length - 2048));
    const found = /.*startxref\s+(\d{1,10})/s.exec(tail);
    sound(found);
    const todo = [Number(found[1])];
    const done = new Set();
    while (todo.length) {
      const at = todo.shift();
      if (done.has(at)) continue;
      done.add(at);
      this.sections++;
      sound(done.size <= MOST_SECTIONS && at < this.bytes.length);
      const trailer = this.readSection(at);
      for (const [key, value] of trailer) if (!this.trailer.has(key)) this.trailer.set(key, value);
      todo.push(...["XRefStm", "Prev"].map((key) => trailer.get(key)).filter((one) => typeof one === "number"));
    }
  }

  /** @returns {Map<string, unknown>} the trailer of this section */
  readSection(at) {
    const lexer = new Lexer(this.bytes, at);
    lexer.skipWhite();
    return lexer.passes("xref") ? this.readTable(lexer) : this.readXref(this.readAt(at));
  }

  readTable(lexer) {
    for (;;) {
      const first = lexer.next();
      if (first instanceof Word && first.text === "trailer") break;
      const count = lexer.next();
      sound(typeof first === "number" && typeof count === "number" && count <= MOST_OBJECTS);
      for (let n = 0; n < count; n++) {
        const [at, , kind] = [lexer.next(), lexer.next(), lexer.next()];
        sound(typeof at === "number" && kind instanceof Word);
        this.put(first + n, kind.text === "n" ? { at } : null);
      }
    }
    const trailer = lexer.next();
    sound(trailer instanceof Map);
    return trailer;
  }

  readXref(stream) {
    sound(stream instanceof Stream);
    const { dict } = stream;
    const bytes = this.content(stream);
    const widths = this.resolve(dict.get("W"));
    sound(Array.isArray(widths) && widths.length === 3 && widths.every((width) => width >= 0 && width <= 8));
    const index = this.resolve(dict.get("Index")) ?? [0, numberOf(this.resolve(dict.get("Size")))];
    let at = 0;
    const field = (width, other) => {
      let value = width ? 0 : other;
      for (let n = 0; n < width; n++) value = value * 256 + (bytes[at++] ?? 0);
      return value;
    };
    for (let n = 0; n + 1 < index.length; n += 2) {
      for (let one = index[n]; one < index[n] + index[n + 1] && at < bytes.length; one++) {
        const [kind, second, third] = [field(widths[0], 1), field(widths[1], 0), field(widths[2], 0)];
        this.put(one, kind === 1 ? { at: second } : kind === 2 ? { within: second, index: third } : null);
      }
    }
    return dict;
  }

  /** The newest section is read first, so the first word on an object counts. */
  put(number, place) {
    if (!this.places.has(number)) this.places.set(number, place);
    bound(this.places.size);
  }

  /** Objects by looking for `1 0 obj`; the last of a number counts. */
  rebuild() {
    for (const store of [this.places, this.objects, this.packs, this.trailer]) store.clear();
    const packs = [];
    for (let at = find(this.bytes, "obj", 0); at >= 0; at = find(this.bytes, "obj", at + 3)) {
      const found = /(?:^|[^\d])(\d{1,10})\s+\d{1,5}\s+$/.exec(latin1(this.bytes, Math.max(0, at - 24), at));
      if (!found) continue;
      const start = at - found[0].length + (/^\d/.test(found[0]) ? 0 : 1);
      this.places.set(Number(found[1]), { at: start });
      bound(this.places.size);
    }
    for (const [number, { at }] of [...this.places]) this.adopt(number, at, packs);
    for (const number of packs) this.unpack(number);
    for (let at = find(this.bytes, "trailer", 0); at >= 0; at = find(this.bytes, "trailer", at + 7)) this.adoptTrailer(at + 7);
    if (!this.root()) this.findRoot();
  }

  unpack(number) {
    const found = this.tolerant(() => this.pack(number)) ?? new Map();
    for (const own of found.keys()) if (!this.places.has(own)) this.places.set(own, { within: number, index: 0 });
    bound(this.places.size);
  }

  adopt(number, at, packs) {
    const value = this.tolerant(() => this.readAt(at, number));
    const kind = value instanceof Stream ? value.dict.get("Type") : null;
    if (!(kind instanceof Name)) return;
    if (kind.text === "ObjStm") packs.push(number);
    if (kind.text === "XRef") for (const [key, one] of value.dict) this.trailer.set(key, one);
  }

  adoptTrailer(at) {
    const value = this.tolerant(() => new Lexer(this.bytes, at).next());
    if (value instanceof Map) for (const [key, one] of value) this.trailer.set(key, one);
  }

  findRoot() {
    for (const number of this.places.keys()) {
      const value = this.tolerant(() => this.object(number));
      if (value instanceof Map && value.get("Type")?.text === "Catalog") this.trailer.set("Root", new Ref(number));
    }
  }

  tolerant(work) {
    try {
      return work();
    } catch (error) {
      if (error instanceof CannotClean && error.reason === "damaged") return null;
      throw error;
    }
  }
}

/** @param {Uint8Array} bytes @param {string} text @param {number} from @returns {number} where it begins, or -1 */
export function find(bytes, text, from) {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let n = 1;
    while (n < text.length && bytes[at + n] === text.charCodeAt(n)) n++;
    if (n === text.length) return at;
  }
  return -1;
}
