/** A Markdown table; cells that are undefined stay empty. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell ?? "").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Three significant digits without an exponent where that is short. */
export function digits(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

const units = {
  cpu: (value) => `${digits(value)} s`,
  wall: (value) => `${digits(value)} s`,
  wholeCpu: (value) => `${digits(value)} s`,
  peakBytes: megabytes,
  bytes: megabytes,
  microseconds: (value) => `${digits(value)} µs`,
  nanosecondsPerState: (value) => `${digits(value)} ns`,
  factor: (value) => `${digits(value)} ms`,
  solve1: (value) => `${digits(value)} ms`,
  solve8: (value) => `${digits(value)} ms`,
};

/** A value of the named metric with its unit, where it has one. */
export const withUnit = (metric, value) => (units[metric] ?? digits)(value);

/** median (min – max) */
export const spread = ({ median, min, max }, format = digits) => (min === max ? format(median) : `${format(median)} (${format(min)} – ${format(max)})`);
