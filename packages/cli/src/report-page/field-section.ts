import { escapeHtml, escapeJson } from "./html.js";
import type { FieldSample, SampledField } from "./sample-fields.js";

/** How a field is shown. */
interface FieldLook {
  readonly title: string;
  readonly scale: "sequential" | "diverging";
}

const LOOKS: Readonly<Record<SampledField["name"], FieldLook>> = {
  state: { title: "State u", scale: "sequential" },
  target: { title: "Target ũ", scale: "sequential" },
  control: { title: "Control z", scale: "diverging" },
  error: { title: "Error u − ũ", scale: "diverging" },
};

/** Range of values of one colour scale or one axis. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** Slider, pictures with their scales, and the data block that the script of the page draws from. */
export function fieldSection(sample: FieldSample): string {
  const ranges = fieldRanges(sample);
  const figure = ({ name }: SampledField): string => (sample.dimension === 1 ? "" : mapFigure(name, ranges[name]));
  const figures = sample.dimension === 1 ? lineFigures(ranges, sample.planes[0]!.right) : sample.fields.map(figure);
  return [
    `<div class="controls"><button id="play" type="button">Play</button>`,
    `<input id="time" type="range" min="0" max="0" step="1" value="0" aria-label="Time">`,
    `<output id="time-shown" for="time"></output>${planeChoice(sample)}${scaleChoice(sample)}</div>`,
    `<p class="soft">Units are those of the config: state, target and error as the target; control as the source. State and target share a scale. ${axisWords(sample)}${thinnedWords(sample)}</p>`,
    `<div class="fields">${figures.join("\n")}</div>`,
    `<noscript><p>The pictures need the script of this page.</p></noscript>`,
    `<script type="application/json" id="fields-data">${escapeJson(pageData(sample, ranges))}</script>`,
  ].join("\n");
}

function thinnedWords({ thinned }: FieldSample): string {
  return thinned === "" ? "" : ` Thinned out for this page: ${escapeHtml(thinned)}; the NPY files hold all.`;
}

function axisWords({ dimension, planes }: FieldSample): string {
  return dimension === 2 ? `Maps: ${escapeHtml(planes[0]!.label)}.` : "";
}

/** Colours and axes stretch over what is shown, or over all times; curves begin with the latter, so that they can be watched moving. */
function scaleChoice({ dimension }: FieldSample): string {
  const options = ['<option value="shown">scale of this time</option>', '<option value="all">scale of all times</option>'];
  return `<select id="scale" aria-label="Scale">${(dimension === 1 ? options.reverse() : options).join("")}</select>`;
}

function planeChoice({ planes, dimension }: FieldSample): string {
  if (dimension < 3) return "";
  const options = planes.map(({ label }, k) => `<option value="${k}">${escapeHtml(label)}</option>`);
  return `<select id="plane" aria-label="Plane">${options.join("")}</select><span id="plane-shown" class="paper"></span>`;
}

/** State and target share theirs; control and error are symmetric about 0 on maps. */
function fieldRanges({ fields, dimension }: FieldSample): Readonly<Record<SampledField["name"], Range>> {
  const of = (...names: SampledField["name"][]): Range => {
    let [low, high] = [Infinity, -Infinity];
    for (const { name, planes } of fields) {
      if (!names.includes(name)) continue;
      for (const values of planes) {
        for (const value of values) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
      }
    }
    if (low > high) return { low: 0, high: 1 };
    return low === high ? { low: low - 0.5, high: high + 0.5 } : { low, high };
  };
  const about0 = (range: Range): Range => {
    const most = Math.max(Math.abs(range.low), Math.abs(range.high));
    return dimension === 1 ? range : { low: -most, high: most };
  };
  const shared = of("state", "target");
  return { state: shared, target: shared, control: about0(of("control")), error: about0(of("error")) };
}

function mapFigure(name: SampledField["name"], { low, high }: Range): string {
  const { title } = LOOKS[name];
  return [
    `<figure class="field"><figcaption>${title}</figcaption>`,
    `<canvas id="map-${name}" role="img" aria-label="${title} in the plane"></canvas>`,
    `<canvas id="legend-${name}" class="legend" aria-hidden="true"></canvas>`,
    `<div class="scale">${[low, (low + high) / 2, high].map((value, k) => `<span id="scale-${name}-${k}">${short(value)}</span>`).join("")}</div></figure>`,
  ].join("\n");
}

function lineFigures(ranges: Readonly<Record<SampledField["name"], Range>>, right: number): string[] {
  const plot = (name: "state" | "control" | "error", title: string, more: readonly string[] = []): string =>
    linePlot({ name, title, range: ranges[name], right }, [...more, `<polyline class="curve" id="line-${name}"/>`]);
  return [
    plot("state", "State u (solid) and target ũ (dashed)", ['<polyline class="target" id="line-target"/>']),
    plot("control", LOOKS.control.title),
    plot("error", LOOKS.error.title),
  ];
}

interface LineFrame {
  readonly name: SampledField["name"];
  readonly title: string;
  readonly range: Range;
  /** Length of the rod. */
  readonly right: number;
}

/** Axes with the figures at their ends; the script of the page moves the line at 0 and the figures with the scale. */
function linePlot({ name, title, range: { low, high }, right }: LineFrame, curves: readonly string[]): string {
  return [
    `<figure class="field"><figcaption>${title}</figcaption>`,
    `<svg viewBox="0 0 400 220" role="img" aria-label="${title} along the rod">`,
    `<path class="axis" d="M 70 15 V 180 H 390"/>`,
    `<g id="zero-${name}" visibility="hidden"><line class="grid" x1="70" x2="390" y1="0" y2="0"/><text x="64" dy="4" text-anchor="end">0</text></g>`,
    `<text id="scale-${name}-2" x="64" y="24" text-anchor="end">${short(high)}</text><text id="scale-${name}-0" x="64" y="182" text-anchor="end">${short(low)}</text>`,
    `<text x="70" y="198" text-anchor="middle">0</text><text x="230" y="205" text-anchor="middle">x</text><text x="390" y="198" text-anchor="end">${short(right)}</text>`,
    ...curves,
    `</svg></figure>`,
  ].join("\n");
}

/** Three digits. */
function short(value: number): string {
  return value === 0 ? "0" : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

function pageData({ dimension, steps, times, planes, fields }: FieldSample, ranges: Readonly<Record<SampledField["name"], Range>>) {
  return {
    dimension,
    steps,
    times,
    planes: planes.map(({ width, height, aspect, margin }) => ({ width, height, aspect, margin })),
    fields: fields.map(({ name, planes: values }) => ({ name, group: name === "target" ? "state" : name, scale: LOOKS[name].scale, ...ranges[name], planes: values.map((plane) => quantised(plane, ranges[name])) })),
  };
}

/** 16 bits a value over the range of its scale, in base64. */
function quantised(values: Float64Array, { low, high }: Range): string {
  const words = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => words.writeUInt16LE(Math.round((65535 * Math.min(1, Math.max(0, (value - low) / (high - low)))) || 0), 2 * i));
  return words.toString("base64");
}
