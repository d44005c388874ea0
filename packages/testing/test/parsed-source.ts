import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

/** A TypeScript file: its path from the root of the repository, with slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One import or re-export. */
export interface ImportedModule {
  readonly specifier: string;
  /** Names as the module exports them; empty for `import()` and `import *`. */
  readonly names: readonly string[];
  /** The names among them that are values, not types. */
  readonly values: readonly string[];
  /** `export … from`, which binds no name in this file. */
  readonly reexport: boolean;
}

/** What the rules need to know about a file. */
export interface ParsedSource extends Source {
  readonly imports: readonly ImportedModule[];
  /** Free names such as `console`, and `Math.random` as one name. */
  readonly globals: ReadonlySet<string>;
  readonly anyKeywords: number;
  readonly hasDefaultExport: boolean;
  readonly lines: number;
}

/** All TypeScript files below the `src` of every package. */
export function readSources(root: string): Source[] {
  return readdirSync(join(root, "packages")).flatMap((name) => filesBelow(root, posix.join("packages", name, "src")));
}

/** The TypeScript files below a folder; none if there is no such folder. */
export function filesBelow(root: string, folder: string, extension = ".ts"): Source[] {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(root, path, extension);
    return entry.name.endsWith(extension) ? [{ path, text: readFileSync(join(root, path), "utf8") }] : [];
  });
}

function entriesOf(folder: string) {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

export function parseSource({ path, text }: Source): ParsedSource {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const imports: ImportedModule[] = [];
  const globals = new Set<string>();
  let anyKeywords = 0;
  let hasDefaultExport = false;
  const visit = (node: ts.Node): void => {
    const imported = importedModule(node);
    if (imported) imports.push(imported);
    if (node.kind === ts.SyntaxKind.AnyKeyword) anyKeywords++;
    if (isDefaultExport(node)) hasDefaultExport = true;
    if (ts.isPropertyAccessExpression(node) && node.getText() === "Math.random") globals.add("Math.random");
    if (ts.isIdentifier(node) && isFreeName(node)) globals.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { path, text, imports, globals, anyKeywords, hasDefaultExport, lines: text.replace(/\n$/, "").split("\n").length };
}

function importedModule(node: ts.Node): ImportedModule | undefined {
  if (ts.isImportDeclaration(node)) return fromImport(node);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    const elements = node.exportClause && ts.isNamedExports(node.exportClause) ? [...node.exportClause.elements] : [];
    return { specifier: textOf(node.moduleSpecifier), names: elements.map(exportedName), values: [], reexport: true };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return fromDynamicImport(node);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return { specifier: textOf(node.argument.literal), names: [], values: [], reexport: false };
  return undefined;
}

function fromImport({ importClause, moduleSpecifier }: ts.ImportDeclaration): ImportedModule {
  const bindings = importClause?.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const values = importClause?.isTypeOnly ? [] : elements.filter(({ isTypeOnly }) => !isTypeOnly);
  return { specifier: textOf(moduleSpecifier), names: elements.map(exportedName), values: values.map(exportedName), reexport: false };
}

/** A specifier that is computed says nothing. */
function fromDynamicImport({ arguments: [specifier] }: ts.CallExpression): ImportedModule | undefined {
  return ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, names: [], values: [], reexport: false } : undefined;
}

const exportedName = ({ propertyName, name }: ts.ImportSpecifier | ts.ExportSpecifier): string => (propertyName ?? name).text;

const textOf = (node: ts.Node): string => (ts.isStringLiteralLike(node) ? node.text : node.getText());

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

/** Not the name of a property, as in `options.process` or `{ process: … }`. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  const isNamedMember = ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent) || ts.isPropertyDeclaration(parent);
  return !(isNamedMember && parent.name === node);
}
