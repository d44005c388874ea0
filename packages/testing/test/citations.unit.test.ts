import { fileURLToPath } from "node:url";
import { filesBelow, readSources, type Source } from "./parsed-source.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** TAP.1: upper-case letters, a dot and a number, in or without parentheses. */
const tag = /\b[A-Z]{2,5}\.[1-9]\d*\b/g;
/** [Saad2003]: names and a year in brackets, and no link target behind it. */
const key = /\[([A-Za-z]+\d{4}[a-z]?)\](?!\()/g;
/** A tag is defined where it stands alone on a line, below its equation. */
const definition = /^\s*\(([A-Z]{2,5}\.[1-9]\d*)\)\s*$/gm;
const bibliographyEntry = /^@\w+\{\s*([^,\s]+)\s*,/gm;

const captured = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);

interface Citation {
  readonly path: string;
  readonly cited: string;
}

const citations = (files: readonly Source[], pattern: RegExp): Citation[] => files.flatMap(({ path, text }) => [...new Set(captured(text, pattern))].map((cited) => ({ path, cited })));

const missing = (cited: readonly Citation[], known: readonly string[]): Citation[] => cited.filter((citation) => !known.includes(citation.cited));

const duplicates = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i);

describe("citations", () => {
  const code = readSources(root);
  const chapters = filesBelow(root, "docs/theory", ".md");
  const definedTags = chapters.flatMap(({ text }) => captured(text, definition));
  const bibliography = filesBelow(root, "docs/theory", ".bib").flatMap(({ text }) => captured(text, bibliographyEntry));

  test("of equations in code lead to an equation of docs/theory", () => {
    const cited = citations(code, tag);
    expect(cited.length).toBeGreaterThan(20);
    expect(missing(cited, definedTags)).toEqual([]);
  });

  test("of equations between the chapters of docs/theory lead to an equation", () => {
    expect(missing(citations(chapters, /\(([A-Z]{2,5}\.[1-9]\d*)\)/g), definedTags)).toEqual([]);
  });

  test("of the literature, in code and in docs/theory, lead to an entry of references.bib", () => {
    const cited = citations([...code, ...chapters], key);
    expect(cited.length).toBeGreaterThan(10);
    expect(missing(cited, bibliography)).toEqual([]);
  });

  test("are unambiguous: every tag is defined once and every key once", () => {
    expect(duplicates(definedTags)).toEqual([]);
    expect(duplicates(bibliography)).toEqual([]);
  });
});

describe("the search for citations", () => {
  const files = [{ path: "a.ts", text: "/** (TAP.1), OBJ.1 and [Saad2003], [vanderVorst2000]; not [Link2000](x.md), a[i2000] or Math.PI */" }];

  test("finds tags and keys, with and without parentheses", () => {
    expect(citations(files, tag).map(({ cited }) => cited)).toEqual(["TAP.1", "OBJ.1"]);
    expect(citations(files, key).map(({ cited }) => cited)).toEqual(["Saad2003", "vanderVorst2000", "i2000"]);
  });

  test("counts as defined only what stands alone on a line, and misses what is not (negative control)", () => {
    const chapter = "text (OBJ.1) text\n$$ x = 1 $$\n(TAP.1)\n";
    expect(captured(chapter, definition)).toEqual(["TAP.1"]);
    expect(missing(citations(files, tag), captured(chapter, definition))).toEqual([{ path: "a.ts", cited: "OBJ.1" }]);
    expect(missing([{ path: "a.ts", cited: "Nobody1900" }], captured("@book{Saad2003,\n", bibliographyEntry))).toEqual([{ path: "a.ts", cited: "Nobody1900" }]);
  });
});
