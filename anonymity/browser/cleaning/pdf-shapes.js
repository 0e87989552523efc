/** Which entries of which objects of a PDF are kept: everything a page needs to look as it does, and nothing that is only told. */

/**
 * A shape is the kept entries of a dictionary, each with the shape of its value:
 * `atom` numbers, names and lists of them; `text` a string; another name a shape of this table; `[x]` a list; `{x}` a dictionary of x by name.
 */
export const SHAPES = {
  resources: {
    ...{ Font: "{font}", XObject: "{xobject}", ExtGState: "{state}", ColorSpace: "{colour}", Pattern: "{pattern}", Shading: "{shading}" },
    ...{ Properties: "{property}", ProcSet: "atom" },
  },
  font: {
    ...{ Type: "atom", Subtype: "atom", BaseFont: "atom", FirstChar: "atom", LastChar: "atom", Widths: "atom", FontDescriptor: "descriptor" },
    ...{ Encoding: "encoding", ToUnicode: "data", DescendantFonts: "[font]", CIDSystemInfo: "system", DW: "atom", W: "atom", DW2: "atom", W2: "atom" },
    ...{ CIDToGIDMap: "data", FontBBox: "atom", FontMatrix: "atom", CharProcs: "{content}", Resources: "resources" },
  },
  descriptor: {
    ...{ Type: "atom", FontName: "atom", FontStretch: "atom", FontWeight: "atom", Flags: "atom", FontBBox: "atom", ItalicAngle: "atom", Ascent: "atom" },
    ...{ Descent: "atom", Leading: "atom", CapHeight: "atom", XHeight: "atom", StemV: "atom", StemH: "atom", AvgWidth: "atom", MaxWidth: "atom" },
    ...{ MissingWidth: "atom", FontFile: "data", FontFile2: "data", FontFile3: "data", CharSet: "text", CIDSet: "data" },
  },
  encoding: { Type: "atom", BaseEncoding: "atom", Differences: "atom", CMapName: "atom", CIDSystemInfo: "system", WMode: "atom", UseCMap: "encoding" },
  system: { Registry: "text", Ordering: "text", Supplement: "atom" },
  data: { Type: "atom", Subtype: "atom", Length1: "atom", Length2: "atom", Length3: "atom", CMapName: "atom", CIDSystemInfo: "system", WMode: "atom" },
  image: {
    ...{ Type: "atom", Subtype: "atom", Width: "atom", Height: "atom", ColorSpace: "colour", BitsPerComponent: "atom", Intent: "atom", ImageMask: "atom" },
    ...{ Mask: "mask", Decode: "atom", Interpolate: "atom", SMask: "image", SMaskInData: "atom", Matte: "atom", OC: "property" },
  },
  form: { Type: "atom", Subtype: "atom", FormType: "atom", BBox: "atom", Matrix: "atom", Resources: "resources", Group: "group", OC: "property" },
  content: {},
  group: { Type: "atom", S: "atom", CS: "colour", I: "atom", K: "atom" },
  state: {
    ...{ Type: "atom", LW: "atom", LC: "atom", LJ: "atom", ML: "atom", D: "atom", RI: "atom", OP: "atom", op: "atom", OPM: "atom", FL: "atom" },
    ...{ SM: "atom", SA: "atom", BM: "atom", SMask: "softmask", CA: "atom", ca: "atom", AIS: "atom", TK: "atom", Font: "fontlist" },
    ...{ BG: "function", BG2: "function", UCR: "function", UCR2: "function", TR: "function", TR2: "function" },
  },
  softmask: { Type: "atom", S: "atom", G: "form", BC: "atom", TR: "function" },
  function: {
    ...{ FunctionType: "atom", Domain: "atom", Range: "atom", Size: "atom", BitsPerSample: "atom", Order: "atom", Encode: "atom", Decode: "atom" },
    ...{ C0: "atom", C1: "atom", N: "atom", Functions: "[function]", Bounds: "atom" },
  },
  pattern: {
    ...{ Type: "atom", PatternType: "atom", PaintType: "atom", TilingType: "atom", BBox: "atom", XStep: "atom", YStep: "atom", Matrix: "atom" },
    ...{ Resources: "resources", Shading: "shading", ExtGState: "state" },
  },
  shading: {
    ...{ ShadingType: "atom", ColorSpace: "colour", Background: "atom", BBox: "atom", AntiAlias: "atom", Function: "function", Coords: "atom" },
    ...{ Domain: "atom", Extend: "atom", Matrix: "atom", BitsPerCoordinate: "atom", BitsPerComponent: "atom", BitsPerFlag: "atom", Decode: "atom", VerticesPerRow: "atom" },
  },
  calibrated: { WhitePoint: "atom", BlackPoint: "atom", Gamma: "atom", Matrix: "atom", Range: "atom" },
  layer: { Type: "atom", Intent: "atom" },
  layers: { Type: "atom", OCGs: "layerlist", P: "atom", VE: "layerlist" },
  page: { MediaBox: "atom", CropBox: "atom", BleedBox: "atom", TrimBox: "atom", ArtBox: "atom", Rotate: "atom", UserUnit: "atom", Group: "group" },
  link: { Type: "atom", Subtype: "atom", Rect: "atom", Border: "atom", C: "atom", H: "atom", QuadPoints: "atom", F: "atom" },
  parms: {
    ...{ Predictor: "atom", Colors: "atom", BitsPerComponent: "atom", Columns: "atom", EarlyChange: "atom", K: "atom", EndOfLine: "atom", Rows: "atom" },
    ...{ EncodedByteAlign: "atom", EndOfBlock: "atom", BlackIs1: "atom", DamagedRowsBeforeError: "atom", ColorTransform: "atom", JBIG2Globals: "data" },
  },
};

/** What the entries that go tell, wherever they stand. */
export const TELLS = {
  ...{ Metadata: null, PieceInfo: "hidden_parts", LastModified: "dates", Thumb: "thumbnail", ID: "identifiers", AA: "scripts", JS: "scripts", Alternates: "hidden_parts" },
  ...{ OPI: "links", AF: "attachments", Lang: "description", StructParents: null, Private: "hidden_parts", Measure: "gps", LGIDict: "gps", GeoJSON: "gps", VP: "gps" },
};
