/** Text in HTML: nothing in it is markup. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** JSON for a data block: no character of it can end the block. */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A cell of a table: numbers stand to the right. */
export type TableCell = string | { readonly number: string };

/** A table; entries are escaped. */
export function htmlTable(heading: readonly TableCell[] | undefined, rows: readonly (readonly TableCell[])[]): string {
  const cell = (tag: "td" | "th", entry: TableCell): string =>
    typeof entry === "string" ? `<${tag}>${escapeHtml(entry)}</${tag}>` : `<${tag} class="number">${escapeHtml(entry.number)}</${tag}>`;
  const line = (tag: "td" | "th", entries: readonly TableCell[]): string => `<tr>${entries.map((entry) => cell(tag, entry)).join("")}</tr>`;
  const head = heading === undefined ? "" : `<thead>${line("th", heading)}</thead>`;
  return `<table>${head}<tbody>${rows.map((row) => line("td", row)).join("\n")}</tbody></table>`;
}
