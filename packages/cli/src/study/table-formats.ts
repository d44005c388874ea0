import type { TextTable } from "./study-table.js";

/** The table in Markdown; bars and line ends in entries are escaped. */
export function markdownTable({ heading, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
  return [line(heading), `|${heading.map(() => "---").join("|")}|`, ...rows.map(line), ""].join("\n");
}

/** Letters and signs that LaTeX has names for, by name. */
const SYMBOLS: Readonly<Record<string, string>> = {
  ...{ alpha: "α", beta: "β", gamma: "γ", delta: "δ", varepsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π" },
  ...{ rho: "ρ", sigma: "σ", tau: "τ", varphi: "φ", chi: "χ", psi: "ψ", omega: "ω", Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Sigma: "Σ", Phi: "Φ", Psi: "Ψ", Omega: "Ω" },
  ...{ cdot: "·", times: "×", pm: "±", le: "≤", ge: "≥", ne: "≠", approx: "≈", to: "→", infty: "∞", ldots: "…", vert: "|" },
};

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
  "<": "$<$",
  ">": "$>$",
  "–": "--",
  ...Object.fromEntries(Object.entries(SYMBOLS).map(([name, letter]) => [letter, `$\\${name}$`])),
  ...Object.fromEntries(Array.from("₀₁₂₃₄₅₆₇₈₉", (digit, value) => [digit, `$_${value}$`])),
};

/**
 * The table in LaTeX with the rules of booktabs, numbers to the right. Every special character is escaped; a row that begins with [ or * has an empty group before it, since \\\\ takes
 * these for its own. Letters that pdfLaTeX has not are left as they are, and a comment says so.
 */
export function latexTable({ heading, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `  ${cells.map(escapeLatex).join(" & ").replace(/^[[*]/, "{}$&")} \\\\`;
  const columns = heading.map((_, k) => (rows.every((row) => /^[-+\d.e–]*$/.test(row[k] ?? "")) ? "r" : "l")).join("");
  const table = [`\\begin{tabular}{${columns}}`, "  \\toprule", line(heading), "  \\midrule", ...rows.map(line), "  \\bottomrule", "\\end{tabular}", ""].join("\n");
  const foreign = [...new Set(table.match(/[^\0-\u017f]/gu))];
  return ["% needs \\usepackage{booktabs}", ...(foreign.length > 0 ? [`% needs LuaLaTeX or XeLaTeX, and a font that has ${foreign.join(" ")}`] : []), table].join("\n");
}

function escapeLatex(text: string): string {
  const power = /^(-?\d+(?:\.\d+)?)e([-+]?\d+)$/.exec(text);
  if (power !== null) return power[1] === "1" ? `$10^{${Number(power[2])}}$` : `$${power[1]}\\cdot 10^{${Number(power[2])}}$`;
  return Array.from(text.replaceAll(/\s+/g, " "), (character) => (Object.hasOwn(LATEX, character) ? LATEX[character] : character)).join("");
}
