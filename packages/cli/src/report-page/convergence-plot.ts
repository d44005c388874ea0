/**
 * The method's own ‖rₖ‖/‖r₀‖ over the iterations on a logarithmic axis as SVG; beside it (KKT.2) of the solution at the last one, and the tolerance, which is for that.
 * Empty for fewer than two norms.
 */
export function convergencePlot(residualNorms: readonly number[], tolerance: number, relativeResidual: number): string {
  const first = residualNorms[0] ?? 0;
  const points = residualNorms.flatMap((norm, k) => (norm > 0 && first > 0 ? [{ k, power: Math.log10(norm / first) }] : []));
  if (points.length < 2) return "";
  const judged = [tolerance, relativeResidual].filter((value) => value > 0 && Number.isFinite(value));
  const powers = [...points.map(({ power }) => power), ...judged.map(Math.log10)];
  const [least, most] = powers.reduce(([low, high], power) => [Math.min(low, power), Math.max(high, power)], [Infinity, -Infinity]);
  const [low, high] = [Math.floor(least), Math.max(0, Math.ceil(most))];
  const frame = { low, high, last: residualNorms.length - 1 };
  const place = ({ k, power }: { k: number; power: number }): string => `${xOf(k, frame)},${yOf(power, frame)}`;
  const dots = points.length <= MOST_DOTS ? points.map((point) => `<circle class="dot" r="3" cx="${xOf(point.k, frame)}" cy="${yOf(point.power, frame)}"/>`) : [];
  const limit = tolerance > 0 ? toleranceLine(tolerance, frame) : [];
  return [
    `<svg class="plot" viewBox="0 0 640 300" role="img" aria-label="Relative residual over the iterations">`,
    ...powerAxis(frame),
    ...iterationAxis(frame),
    ...limit,
    `<polyline class="curve" points="${points.map(place).join(" ")}"/>`,
    ...dots,
    ...(judged.includes(relativeResidual) ? judgedResidual(relativeResidual, tolerance, frame) : []),
    `</svg>`,
  ].join("\n");
}

const MOST_DOTS = 60;
const BOX = { left: 70, right: 620, top: 15, bottom: 250 };

interface Frame {
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

const xOf = (k: number, { last }: Frame): string => (BOX.left + ((BOX.right - BOX.left) * k) / Math.max(1, last)).toFixed(1);
const yOf = (power: number, { low, high }: Frame): string => (BOX.bottom - ((BOX.bottom - BOX.top) * (power - low)) / Math.max(1, high - low)).toFixed(1);

function powerAxis(frame: Frame): string[] {
  const stride = Math.max(1, Math.ceil((frame.high - frame.low) / 8));
  const powers = Array.from({ length: Math.floor((frame.high - frame.low) / stride) + 1 }, (_, i) => frame.high - i * stride);
  return powers.flatMap((power) => [
    `<line class="grid" x1="${BOX.left}" x2="${BOX.right}" y1="${yOf(power, frame)}" y2="${yOf(power, frame)}"/>`,
    `<text x="${BOX.left - 8}" y="${yOf(power, frame)}" dy="4" text-anchor="end">${power === 0 ? "1" : `1e${power}`}</text>`,
  ]).concat(`<text x="14" y="${(BOX.top + BOX.bottom) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(BOX.top + BOX.bottom) / 2})">relative residual</text>`);
}

function iterationAxis(frame: Frame): string[] {
  const stride = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((step) => frame.last / step <= 12) ?? Math.ceil(frame.last / 10);
  const ticks = Array.from({ length: Math.floor(frame.last / stride) + 1 }, (_, i) => i * stride);
  return [
    `<path class="axis" d="M ${BOX.left} ${BOX.top} V ${BOX.bottom} H ${BOX.right}"/>`,
    ...ticks.map((k) => `<text x="${xOf(k, frame)}" y="${BOX.bottom + 18}" text-anchor="middle">${k}</text>`),
    `<text x="${(BOX.left + BOX.right) / 2}" y="${BOX.bottom + 40}" text-anchor="middle">iteration</text>`,
  ];
}

function toleranceLine(tolerance: number, frame: Frame): string[] {
  const y = yOf(Math.log10(tolerance), frame);
  return [
    `<line class="limit" x1="${BOX.left}" x2="${BOX.right}" y1="${y}" y2="${y}"/>`,
    `<text class="label" x="${BOX.left + 8}" y="${y}" dy="-6" text-anchor="start">tolerance ${tolerance.toExponential(0)}, of the KKT residual</text>`,
  ];
}

/** A square at the last iteration; its label keeps clear of the line of the tolerance and of the words above that. */
function judgedResidual(value: number, tolerance: number, frame: Frame): string[] {
  const [x, y] = [Number(xOf(frame.last, frame)), Number(yOf(Math.log10(value), frame))];
  const below = tolerance > 0 ? y - Number(yOf(Math.log10(tolerance), frame)) : Infinity;
  const shift = below > 14 || below < -24 ? 4 : below > 0 ? 16 : -22;
  return [
    `<rect class="judged" x="${(x - 4).toFixed(1)}" y="${(y - 4).toFixed(1)}" width="8" height="8"/>`,
    `<text class="label" x="${x - 10}" y="${y.toFixed(1)}" dy="${shift}" text-anchor="end">KKT residual ${value.toExponential(1)}</text>`,
  ];
}
