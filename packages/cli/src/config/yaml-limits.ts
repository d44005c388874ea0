import { CST, Lexer, Parser } from "yaml";

/** Size of a config in bytes at most. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** Mappings and lists inside each other at most. */
export const MAX_CONFIG_DEPTH = 64;
/** Keys, values and list entries at most. */
export const MAX_CONFIG_NODES = 100_000;

/** Text nested too deeply or with too many entries, found while scanning. */
export interface LimitExceeded {
  readonly what: string;
  readonly offset: number;
}

/** Each entry shows at most one of either kind in the text. */
const VALUES = new Set(["scalar", "single-quoted-scalar", "double-quoted-scalar", "block-scalar", "flow-map-start", "flow-seq-start", "alias"]);
const MARKS = new Set(["seq-item-ind", "explicit-key-ind", "anchor", "tag", "doc-start", "doc-end", "directive-line"]);
const COLLECTIONS = new Set(["block-map", "block-seq", "flow-collection"]);

/** Splits YAML into syntax tokens, but stops as soon as a limit is passed, so that hostile text costs little. */
export function scanYaml(text: string, onNewLine: (offset: number) => void): CST.Token[] | LimitExceeded {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let values = 0;
  let marks = 0;
  onNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) onNewLine(at + 1);
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    for (const token of parser.next(lexeme)) tokens.push(token);
    const type = CST.tokenType(lexeme) ?? "";
    if (VALUES.has(type)) values++;
    if (MARKS.has(type)) marks++;
    if (parser.stack.length > MAX_CONFIG_DEPTH && depthOf(parser) > MAX_CONFIG_DEPTH) {
      return { what: `nested more than ${MAX_CONFIG_DEPTH} levels deep`, offset };
    }
    if (Math.max(values, marks) > MAX_CONFIG_NODES) return { what: `more than ${MAX_CONFIG_NODES} entries`, offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function depthOf({ stack }: Parser): number {
  return stack.filter(({ type }) => COLLECTIONS.has(type)).length;
}
