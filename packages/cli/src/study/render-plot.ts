import type { TopLevelSpec } from "vega-lite";

/** A plot as SVG text and PNG bytes, drawn without a browser, without network and without generated code. */
export interface RenderedPlot {
  readonly svg: string;
  readonly png: Uint8Array;
}

/** Vega-Lite → Vega → SVG; expressions are interpreted, never compiled, and no URL is loaded. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite, { expressionInterpreter }] = await Promise.all([import("vega"), import("vega-lite"), import("vega-interpreter")]);
  const refuse = (): Promise<never> => Promise.reject(new Error("plots load nothing"));
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
  const { spec: compiled } = vegaLite.compile(spec);
  const runtime = vega.parse(compiled, {}, { ast: true });
  const view = new vega.View(runtime, { renderer: "none", expr: expressionInterpreter, loader, logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** The SVG at twice its size. Labels need a font on the machine: `hasFonts`. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const image = new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, background: "white", font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" } });
  return image.render().asPng();
}

/** Both. */
export async function renderPlot(spec: TopLevelSpec): Promise<RenderedPlot> {
  const svg = await renderSvg(spec);
  return { svg, png: await renderPng(svg) };
}
