import type { TextTable } from "./study-table.js";

/** The table in Markdown; bars and line ends in entries are escaped. */
export function markdownTable({ heading, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
  return [line(heading), `|${heading.map(() => "---").join("|")}|`, ...rows.map(line), ""].join("\n");
}

const LATEX: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "&": "\\&",
  "%": "\\%",
  $: "\\$",
  "#": "\\#",
  _: "\\_",
  "{": "\\{",
  "}": "\\}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "|": "$|$",
  "<": "$<$",
  ">": "$>$",
  "–": "--",
  ω: "$\\omega$",
  ν: "$\\nu$",
  δ: "$\\delta$",
  τ: "$\\tau$",
};

/** The table in LaTeX with the rules of booktabs, numbers to the right; every special character is escaped. */
export function latexTable({ heading, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `  ${cells.map(escapeLatex).join(" & ")} \\\\`;
  const columns = heading.map((_, k) => (rows.every((row) => /^[-+\d.e–]*$/.test(row[k] ?? "")) ? "r" : "l")).join("");
  return [`% needs \\usepackage{booktabs}`, `\\begin{tabular}{${columns}}`, "  \\toprule", line(heading), "  \\midrule", ...rows.map(line), "  \\bottomrule", "\\end{tabular}", ""].join("\n");
}

function escapeLatex(text: string): string {
  const power = /^(-?\d+(?:\.\d+)?)e([-+]?\d+)$/.exec(text);
  if (power !== null) return power[1] === "1" ? `$10^{${Number(power[2])}}$` : `$${power[1]}\\cdot 10^{${Number(power[2])}}$`;
  return text.replaceAll(/[\\&%$#_{}~^|<>–ωνδτ]/g, (character) => LATEX[character]!).replaceAll(/\s+/g, " ");
}
