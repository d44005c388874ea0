import { secondsOf, type CellRecord, type CellResult } from "./cell-record.js";
import { fitPowerLaw, type PowerLaw } from "./power-law.js";
import { factorOf, formatValue, type StudyAxis } from "./study-axes.js";
import { firstOfEach } from "./study-cells.js";
import { describeVerdict, fixed, judgeExponent, type SeenExponent, type Verdict } from "./verdict.js";

/** Settings of the section `study` that fits depend on. */
export interface FitSettings {
  readonly seed: number;
  readonly resamples: number;
  readonly robustWithin: number;
}

/** A power law of one method at one combination of the values that are no numbers. */
export interface StudyFit {
  /** Method and values that are no numbers; empty where there is nothing to tell apart. */
  readonly group: string;
  readonly quantity: "iterations" | "seconds";
  readonly law: PowerLaw | undefined;
  /** "iterations ≈ 11.2 · N^0.02 · P^-0.01". */
  readonly formula: string;
  readonly verdicts: readonly FitVerdict[];
}

/** Robustness in one factor. */
export interface FitVerdict {
  readonly symbol: string;
  readonly verdict: Verdict;
  readonly words: string;
}

/** Fits iterations and seconds of the converged cells over the axes that are numbers, group by group. */
export function fitStudy(records: readonly CellRecord[], axes: readonly StudyAxis[], settings: FitSettings): StudyFit[] {
  const factors = axes.filter(({ letter }) => letter !== undefined);
  const others = axes.filter(({ letter }) => letter === undefined);
  const solved = records.filter(({ role, outcome }) => role === "cell" && outcome === "converged");
  if (factors.length === 0) return [];
  const groups = groupBy(solved, (record) => groupName(record, others));
  return [...groups].flatMap(([group, members]) => (["iterations", "seconds"] as const).map((quantity) => fitGroup({ group, members, quantity }, factors, settings)));
}

/** Method and values that are no numbers. */
export function groupName({ method, values }: CellRecord, others: readonly StudyAxis[]): string {
  return [method, ...others.map(({ key, symbol }) => `${symbol} = ${formatValue(values[key])}`)].filter((part) => part !== "").join(", ");
}

interface FitGroup {
  readonly group: string;
  readonly members: readonly CellRecord[];
  readonly quantity: StudyFit["quantity"];
}

function fitGroup({ group, members, quantity }: FitGroup, factors: readonly StudyAxis[], settings: FitSettings): StudyFit {
  const observations = firstOfEach(members, ({ id }) => id).flatMap(({ result, values }) => {
    const value = result === undefined ? 0 : quantityOf(result, quantity);
    return value > 0 ? [{ value, factors: factors.map(({ key }) => factorOf(key, values[key])!) }] : [];
  });
  const law = fitPowerLaw(observations, { ...settings, counts: quantity === "iterations" });
  if (law === undefined) return { group, quantity, law, formula: `${quantity}: too few converged cells for a fit`, verdicts: [] };
  const verdicts = quantity === "seconds" ? [] : factors.map((factor, k) => verdictOf(factor, law.exponents[k], { within: settings.robustWithin, values: observations.map(({ factors: values }) => values[k]!) }));
  return { group, quantity, law, formula: formulaOf(quantity, law, factors), verdicts };
}

/** What is fitted and plotted. */
export function quantityOf(result: CellResult, quantity: StudyFit["quantity"]): number {
  return quantity === "iterations" ? result.iterations : secondsOf(result);
}

function verdictOf({ symbol, letter }: StudyAxis, exponent: PowerLaw["exponents"][number], seen: Omit<SeenExponent, "exponent">): FitVerdict {
  if (exponent === undefined) return { symbol, verdict: "undecided", words: `robust in ${symbol}: undecided, it does not vary on its own` };
  return { symbol, verdict: judgeExponent(exponent, seen.within), words: describeVerdict(symbol, letter!, { exponent, ...seen }) };
}

function formulaOf(quantity: string, { constant, exponents }: PowerLaw, factors: readonly StudyAxis[]): string {
  const powers = factors.flatMap(({ symbol }, k) => (exponents[k] === undefined ? [] : [`${symbol}^${fixed(exponents[k].value)}`]));
  return `${quantity} ≈ ${[Number(constant.toPrecision(3)).toString(), ...powers].join(" · ")}`;
}

/** Members of each group in the order in which groups first occur. */
export function groupBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item]);
  return groups;
}
