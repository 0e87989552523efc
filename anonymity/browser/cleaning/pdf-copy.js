/** Copies objects of a PDF by their shapes, so that only what a shape names gets across. */
import { zlibSync } from "fflate";
import { readXmp } from "./exif.js";
import { cleanJpx } from "./jpx.js";
import { cleanContent } from "./pdf-content.js";
import { filtersOf, numberOf, undo } from "./pdf-filters.js";
import { SHAPES, TELLS } from "./pdf-shapes.js";
import { Name, Real, Ref, Stream, Text } from "./pdf-syntax.js";
import { cleanPicture } from "./pictures.js";
import { DISPLAY_P3, isDisplayP3 } from "./profile.js";
import { CannotClean, sound } from "./source.js";

const MOST_OBJECTS = 100_000;
const DEEPEST = 256;
const DEVICES = { 1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK" };

export class Copier {
  /** @param {import("./pdf-document.js").Document} document @param {Set<string>} found */
  constructor(document, found) {
    this.document = document;
    this.found = found;
    this.resolve = document.resolve;
    /** @type {unknown[]} the new objects; number 1 is the first */
    this.objects = [];
    /** @type {Ref[]} */
    this.refs = [];
    this.numbers = new Map();
    this.layers = new Map();
    this.profile = null;
  }

  /** @param {unknown} value @returns {Ref} */
  add(value) {
    if (this.objects.push(value) > MOST_OBJECTS) throw new CannotClean("too_complex");
    return this.refs[this.refs.push(new Ref(this.objects.length)) - 1];
  }

  /** @returns {unknown[]} the objects that came to something, numbered anew; a reference to another becomes null */
  finished() {
    const found = [];
    this.objects.forEach((value, n) => (this.refs[n].number = value === null ? 0 : found.push(value)));
    return found;
  }

  /** @returns {Promise<unknown>} what is written for a value; undefined for nothing */
  async copy(value, shape, depth = 0) {
    sound(depth <= DEEPEST);
    if (shape === "atom") return this.atom(value);
    if (!(value instanceof Ref)) return this.direct(value, shape, depth + 1);
    const key = `${value.number} ${shape}`;
    if (this.numbers.has(key)) return this.numbers.get(key);
    const ref = this.add(null);
    this.numbers.set(key, ref);
    const copied = await this.direct(this.resolve(value), shape, depth + 1);
    if (copied === undefined || copied instanceof Ref) this.numbers.set(key, copied);
    this.objects[ref.number - 1] = copied instanceof Ref ? null : (copied ?? null);
    return this.numbers.get(key);
  }

  /** Numbers, names, truth, and lists of them, with every reference resolved. */
  atom(value, depth = 0) {
    sound(depth <= DEEPEST);
    const found = this.resolve(value);
    if (Array.isArray(found)) return found.map((one) => this.atom(one, depth + 1) ?? null);
    return typeof found === "number" || typeof found === "boolean" || found instanceof Name || found instanceof Real ? found : undefined;
  }

  direct(value, shape, depth) {
    if (value === null) return undefined;
    if (shape === "text") return value instanceof Text ? value : undefined;
    if (shape === "colour") return this.colour(value, depth);
    if (shape === "property") return this.property(value);
    if (shape.startsWith("[")) return this.list(value, shape.slice(1, -1), depth);
    if (shape.startsWith("{")) return this.named(value, shape.slice(1, -1), depth);
    return SPECIAL[shape] ? this[SPECIAL[shape]](value, depth) : this.shaped(value, shape, depth);
  }

  async list(value, shape, depth) {
    if (!Array.isArray(value)) return undefined;
    const found = [];
    for (const one of value) found.push((await this.copy(one, shape, depth)) ?? null);
    return found;
  }

  async named(value, shape, depth) {
    if (!(value instanceof Map)) return undefined;
    const found = new Map();
    for (const [name, one] of value) {
      const copied = await this.copy(one, shape, depth);
      if (copied !== undefined) found.set(name, copied);
    }
    return found;
  }

  async shaped(value, shape, depth) {
    if (value instanceof Name) return value;
    if (Array.isArray(value) && shape === "function") return this.list(value, shape, depth);
    const dict = value instanceof Stream ? value.dict : value;
    if (!(dict instanceof Map)) return undefined;
    this.tell(dict);
    const found = await this.entries(dict, SHAPES[shape], depth);
    if (!(value instanceof Stream)) return found;
    return shape === "content" || shape === "form" || shape === "pattern" ? this.drawing(value, found) : this.stream(value, found);
  }

  async entries(dict, shape, depth) {
    const found = new Map();
    for (const [key, inner] of Object.entries(shape)) {
      const copied = dict.has(key) ? await this.copy(dict.get(key), inner, depth) : undefined;
      if (copied !== undefined) found.set(key, copied);
    }
    return found;
  }

  /** @param {Map<string, unknown>} dict */
  tell(dict) {
    for (const [key, code] of Object.entries(TELLS)) if (dict.has(key) && code) this.found.add(code);
    const metadata = this.resolve(dict.get("Metadata"));
    if (metadata instanceof Stream) this.tellMetadata(metadata);
  }

  tellMetadata(stream) {
    try {
      readXmp(this.document.content(stream), this.found);
    } catch (error) {
      if (!(error instanceof CannotClean) || error.reason !== "damaged") throw error;
      this.found.add("hidden_parts");
    }
  }

  xobject(value, depth) {
    const kind = value instanceof Stream ? this.resolve(value.dict.get("Subtype")) : null;
    if (!(kind instanceof Name) || (kind.text !== "Image" && kind.text !== "Form")) return undefined;
    return this.shaped(value, kind.text === "Image" ? "image" : "form", depth);
  }

  mask(value, depth) {
    return Array.isArray(value) ? this.atom(value) : this.shaped(value, "image", depth);
  }

  async fontlist(value, depth) {
    return Array.isArray(value) ? [await this.copy(value[0], "font", depth), this.atom(value[1])] : undefined;
  }

  /** A colour space. Profiles are not kept: the device's own space stands for them, or our Display P3. */
  async colour(value, depth) {
    if (value instanceof Name) return value;
    if (!Array.isArray(value)) return undefined;
    const [name, second, third, fourth] = [this.resolve(value[0]), value[1], value[2], value[3]];
    const kind = name instanceof Name ? name.text : "";
    if (kind === "ICCBased") return this.profiled(second);
    if (/^(CalGray|CalRGB|Lab)$/.test(kind)) return [name, await this.copy(second, "calibrated", depth)];
    if (kind === "Indexed" || kind === "I") return [name, await this.copy(second, "colour", depth), this.atom(third), await this.lookup(fourth, depth)];
    if (kind === "Separation" || kind === "DeviceN") return [name, this.atom(second), await this.copy(third, "colour", depth), await this.copy(fourth, "function", depth)];
    if (kind === "Pattern" && value.length > 1) return [name, await this.copy(second, "colour", depth)];
    return name instanceof Name ? name : undefined;
  }

  lookup(value, depth) {
    return this.resolve(value) instanceof Text ? this.resolve(value) : this.copy(value, "data", depth);
  }

  profiled(value) {
    const stream = this.resolve(value);
    sound(stream instanceof Stream);
    this.tell(stream.dict);
    this.found.add("colour_profile");
    const count = numberOf(this.resolve(stream.dict.get("N")));
    if (count === 3 && isDisplayP3(this.document.content(stream))) return [new Name("ICCBased"), this.ownProfile()];
    sound(DEVICES[count]);
    return new Name(DEVICES[count]);
  }

  ownProfile() {
    this.profile ??= this.add(packed(new Map([["N", 3]]), DISPLAY_P3));
    return this.profile;
  }

  /** Of property lists only those of layers are kept. */
  property(value) {
    if (!(value instanceof Map)) return undefined;
    const kind = this.resolve(value.get("Type"));
    if (!(kind instanceof Name) || (kind.text !== "OCG" && kind.text !== "OCMD")) {
      this.found.add("hidden_parts");
      return undefined;
    }
    return kind.text === "OCG" ? this.layer(value) : this.shaped(value, "layers", 1);
  }

  /** @returns {Ref} one of the document's layers, without its name */
  layer(dict) {
    if (!this.layers.has(dict)) this.layers.set(dict, this.add(new Map([["Type", new Name("OCG")], ["Name", new Text(Uint8Array.of(45))]])));
    return this.layers.get(dict);
  }

  layerlist(value, depth) {
    sound(depth <= DEEPEST);
    if (value instanceof Map) return this.layer(value);
    if (value instanceof Name) return value;
    return Array.isArray(value) ? value.map((one) => this.layerlist(this.resolve(one), depth + 1) ?? null) : undefined;
  }

  /** A stream that draws: undone, cleaned operator by operator, packed anew. */
  async drawing(stream, dict) {
    const resources = this.resolve(stream.dict.get("Resources"));
    return packed(dict, await this.cleaned(this.document.content(stream), resources));
  }

  /** @param {Uint8Array} bytes @param {unknown} resources those of the source @returns {Promise<Uint8Array>} */
  cleaned(bytes, resources) {
    const properties = resources instanceof Map ? this.resolve(resources.get("Properties")) : null;
    const isLayer = (name) => {
      const one = properties instanceof Map ? this.resolve(properties.get(name)) : null;
      return one instanceof Map && /^OC/.test(this.resolve(one.get("Type"))?.text ?? "");
    };
    return cleanContent(bytes, { isLayer, found: this.found, picture: (dict, data) => this.inline(dict, data) });
  }

  async inline(dict, data) {
    const filters = filtersOf(dict, this.resolve);
    if (!filters.some(({ name }) => name === "DCTDecode")) return data;
    const bytes = this.undone(data, filters);
    for (const key of ["F", "Filter", "DP", "DecodeParms"]) dict.delete(key);
    dict.set("F", new Name("DCT"));
    return cleanPicture(bytes, this.found);
  }

  /** Data that stays as it is encoded; a JPEG goes through the stripper of JPEG. */
  async stream(stream, dict) {
    const filters = filtersOf(stream.dict, this.resolve);
    if (filters.at(-1)?.name === "DCTDecode") {
      const picture = await cleanPicture(this.undone(stream.bytes, filters), this.found);
      sound(picture);
      return new Stream(dict.set("Filter", new Name("DCTDecode")), picture);
    }
    sound(filters.every(({ name }) => KEPT.has(name)));
    if (filters.at(-1)?.name === "JPXDecode") {
      const picture = cleanJpx(this.undone(stream.bytes, filters), this.found);
      return new Stream(dict.set("Filter", new Name("JPXDecode")), picture);
    }
    if (filters.length) dict.set("Filter", filters.map(({ name }) => new Name(name)));
    const parms = [];
    for (const filter of filters) parms.push(await this.entries(filter.parms, SHAPES.parms, 1));
    if (parms.some((one) => one.size)) dict.set("DecodeParms", parms);
    return new Stream(dict, stream.bytes);
  }

  /** Every filter in front of the picture's own. */
  undone(bytes, filters) {
    for (const filter of filters) {
      if (filter.name === "DCTDecode" || filter.name === "JPXDecode") break;
      bytes = undo(bytes, filter, this.document.budget, this.resolve);
      sound(bytes);
    }
    return bytes;
  }
}

const SPECIAL = { xobject: "xobject", mask: "mask", fontlist: "fontlist", layerlist: "layerlist" };
const KEPT = new Set("FlateDecode LZWDecode ASCIIHexDecode ASCII85Decode RunLengthDecode CCITTFaxDecode JBIG2Decode JPXDecode".split(" "));

/** @param {Map<string, unknown>} dict @param {Uint8Array} bytes @returns {Stream} packed */
export const packed = (dict, bytes) => new Stream(dict.set("Filter", new Name("FlateDecode")), zlibSync(bytes, { level: 6 }));
