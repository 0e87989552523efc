/** What a page draws, operator by operator: only operators that draw pass, comments and marks for machines go. */
import { Lexer, Name, spell, Word } from "./pdf-syntax.js";
import { bytesOf, CannotClean, joined, latin1 } from "./source.js";

const DRAWING = new Set(
  ("b B b* B* BX EX c cm CS cs d d0 d1 Do f F f* G g gs h i j J K k l m M n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz " +
    "v w W W* y ' \" BT ET EMC").split(" "),
);
const MOST_OPERANDS = 4_096;

/**
 * @param {Uint8Array} bytes
 * @param {{isLayer: (name: string) => boolean, found: Set<string>, picture: (dict: Map<string, unknown>, data: Uint8Array) => Promise<Uint8Array | null>}} context
 * @returns {Promise<Uint8Array>}
 */
export async function cleanContent(bytes, context) {
  const lexer = new Lexer(bytes);
  const parts = [];
  let operands = [];
  for (let one = next(lexer); one !== undefined; one = next(lexer)) {
    if (!(one instanceof Word)) {
      if (operands.push(one) > MOST_OPERANDS) throw new CannotClean("too_complex");
      continue;
    }
    if (one.text === "BI") parts.push(await inlinePicture(lexer, context));
    else {
      const said = operator(one.text, operands, context);
      if (said) parts.push(bytesOf(said));
    }
    operands = [];
  }
  return joined(parts);
}

/** What cannot be read ends the page, as in every viewer. */
function next(lexer) {
  try {
    return lexer.next();
  } catch (error) {
    if (error instanceof CannotClean && error.reason === "damaged") return undefined;
    throw error;
  }
}

function operator(name, operands, { isLayer, found }) {
  if (name === "BMC" || name === "BDC") return mark(operands, isLayer, found);
  if (DRAWING.has(name)) return `${operands.map((one) => `${spell(one)} `).join("")}${name}\n`;
  if (operands.length) found.add("hidden_parts");
  return "";
}

/** A mark keeps its name only if it says to which layer the content belongs. */
function mark([tag, properties], isLayer, found) {
  const layer = tag instanceof Name && tag.text === "OC" && properties instanceof Name && isLayer(properties.text);
  if (properties instanceof Map) found.add("hidden_parts");
  return layer ? `/OC ${spell(properties)} BDC\n` : "/P BMC\n";
}

async function inlinePicture(lexer, { picture }) {
  const dict = new Map();
  for (;;) {
    const key = next(lexer);
    if (key instanceof Word && key.text === "ID") break;
    const value = next(lexer);
    if (!(key instanceof Name) || value === undefined || value instanceof Word) return new Uint8Array(0);
    if (INLINE.has(key.text)) dict.set(key.text, value);
  }
  const from = lexer.at + 1;
  const end = endOfPicture(lexer.bytes, from);
  lexer.at = Math.min(end + 3, lexer.bytes.length);
  const data = await picture(dict, lexer.bytes.subarray(from, end));
  if (!data) return new Uint8Array(0);
  const head = [...dict].map(([key, value]) => `/${key} ${spell(value)} `).join("");
  return joined([bytesOf(`BI ${head}ID `), data, bytesOf("\nEI\n")]);
}

const INLINE = new Set("BPC CS D DP F H IM I W L BitsPerComponent ColorSpace Decode DecodeParms Filter Height ImageMask Interpolate Width Length".split(" "));

/** White space, EI, white space, and then something that reads like operators. */
function endOfPicture(bytes, from) {
  for (let at = bytes.indexOf(69, from); at >= 0; at = bytes.indexOf(69, at + 1)) {
    const around = latin1(bytes, Math.max(from, at - 1), Math.min(at + 13, bytes.length));
    if (/^[\0\t\n\f\r ]?EI([\0\t\n\f\r ][\t\n\f\r -~]*)?$/.test(around) && (at === from || around[0] !== "E")) return Math.max(from, at - 1);
  }
  return bytes.length;
}
