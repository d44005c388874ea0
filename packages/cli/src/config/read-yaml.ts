import { Composer, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Document, type Node } from "yaml";
import { ConfigError, describePath, type ConfigProblem } from "./config-problem.js";
import { pathKey, type ConfigPath, type ConfigTree } from "./config-tree.js";
import { QUOTE_HINT, syntaxProblems } from "./syntax-problems.js";
import { scanYaml } from "./yaml-limits.js";

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** How to show an offset of the text: `file:line:column`. */
type Locate = (offset: number) => string;

interface Reading {
  readonly locate: Locate;
  readonly problems: ConfigProblem[];
  readonly places: Map<string, { key: string; value: string }>;
}

/** Reads YAML 1.2 (core schema) or JSON as plain data with places; `source` names the text in messages. Throws `ConfigError`. */
export function readYaml(text: string, source: string): ConfigTree {
  const lines = new LineCounter();
  const locate = (offset: number): string => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return `${source}:${line}:${col}`;
  };
  const reading: Reading = { locate, problems: [], places: new Map() };
  const document = composeOne(text, lines, reading);
  const root = document?.contents ? plainValue(document.contents, [], reading) : undefined;
  if (reading.problems.length === 0 && (root === undefined || root === null)) {
    reading.problems.push({ location: `${source}:1:1`, key: "", what: "the file is empty", hint: "start with the section problem:" });
  }
  if (reading.problems.length > 0) throw new ConfigError(reading.problems);
  return { root, places: reading.places, start: `${source}:1:1` };
}

function composeOne(text: string, lines: LineCounter, { locate, problems }: Reading): Document.Parsed | undefined {
  const tokens = scanYaml(text, lines.addNewLine);
  if (!Array.isArray(tokens)) {
    problems.push({ location: locate(tokens.offset), key: "", what: tokens.what, hint: "a config is a short file; put data into files" });
    return undefined;
  }
  const options = { version: "1.2", schema: "core", uniqueKeys: false, merge: false, strict: true, prettyErrors: false } as const;
  const [document, second] = [...new Composer({ ...options, lineCounter: lines }).compose(tokens, true, text.length)] as Document.Parsed[];
  if (document !== undefined) problems.push(...syntaxProblems(text, document, locate));
  if (second !== undefined) {
    const offset = second.contents?.range[0] ?? second.range[0];
    problems.push({ location: locate(offset), key: "", what: "a second document starts here", hint: "keep one config a file, without --- inside" });
  }
  return document;
}

function plainValue(node: Node, path: ConfigPath, reading: Reading): unknown {
  const refused = refusal(node);
  if (refused !== undefined) {
    const told = node.tag !== undefined && reading.problems.some(({ what }) => what.endsWith(`Unresolved tag: ${node.tag}`));
    if (!told) report(reading, node, path, refused);
    return undefined;
  }
  if (isMap(node)) return plainMapping(node.items, path, reading);
  if (isSeq(node)) return node.items.map((item, index) => plainItem(item, [...path, index], reading));
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (typeof value === "number" && !Number.isFinite(value)) {
    report(reading, node, path, { what: `expected a finite number, got ${isScalar(node) ? (node.source ?? value) : value}` });
  }
  return value;
}

function refusal(node: Node): Pick<ConfigProblem, "what" | "hint"> | undefined {
  if (isAlias(node)) return { what: "aliases (*name) are not read", hint: `write the value out; ${QUOTE_HINT}` };
  if (node.anchor !== undefined) return { what: "anchors (&name) are not read", hint: `write the value out; ${QUOTE_HINT}` };
  if (node.tag !== undefined) return { what: `tags (${node.tag.slice(0, 40)}) are not read`, hint: `remove the tag; ${QUOTE_HINT}` };
  return undefined;
}

function plainItem(item: unknown, path: ConfigPath, reading: Reading): unknown {
  if (!isNode(item)) return isPair(item) ? plainMapping([item], path, reading) : null;
  const place = placeOf(item, reading);
  reading.places.set(pathKey(path), { key: place, value: place });
  return plainValue(item, path, reading);
}

function plainMapping(items: readonly unknown[], path: ConfigPath, reading: Reading): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  const seen = new Map<string, string>();
  for (const pair of items) {
    if (!isPair(pair)) continue;
    const { key, value } = pair as { key: unknown; value: unknown };
    const name = keyName(key, path, reading);
    if (name === undefined || !isNode(key)) continue;
    const place = placeOf(key, reading);
    const earlier = seen.get(name);
    if (earlier !== undefined) report(reading, key, [...path, name], { what: "the key stands twice", hint: `the first one is at ${earlier}` });
    seen.set(name, place);
    reading.places.set(pathKey([...path, name]), { key: place, value: isNode(value) ? placeOf(value, reading) : place });
    mapping[name] = isNode(value) ? plainValue(value, [...path, name], reading) : null;
  }
  return mapping;
}

/** The key when it is a plain name; otherwise the problem is reported. */
function keyName(key: unknown, path: ConfigPath, reading: Reading): string | undefined {
  if (!isNode(key)) {
    reading.problems.push({ location: reading.locate(0), key: describePath(path), what: "a key is missing before a colon" });
    return undefined;
  }
  const name: unknown = isScalar(key) ? key.value : undefined;
  if (refusal(key) !== undefined) report(reading, key, path, refusal(key)!);
  else if (name === "<<") report(reading, key, path, { what: "merge keys (<<) are not read", hint: "write the keys out" });
  else if (typeof name !== "string") report(reading, key, path, { what: "a key must be a name", hint: typeof name === "number" ? "begin it with a letter" : QUOTE_HINT });
  else if (FORBIDDEN_KEYS.has(name)) report(reading, key, [...path, name], { what: "this key is refused", hint: "choose another name" });
  else return name;
  return undefined;
}

function placeOf(node: Node, { locate }: Reading): string {
  return locate(node.range?.[0] ?? 0);
}

function report(reading: Reading, node: Node, path: ConfigPath, problem: Pick<ConfigProblem, "what" | "hint">): void {
  reading.problems.push({ location: placeOf(node, reading), key: describePath(path), ...problem });
}
