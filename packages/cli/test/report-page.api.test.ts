import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import type { RunReport } from "@parakkt/cli";
import { convergencePlot } from "../dist/report-page/convergence-plot.js";
import { sampleFields, spread } from "../dist/report-page/sample-fields.js";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const CHROMIUM = "/usr/bin/chromium";
const inBrowser = existsSync(CHROMIUM) ? test : test.skip;
if (!existsSync(CHROMIUM)) process.stdout.write(`report pages are NOT looked at in a browser: ${CHROMIUM} is not there\n`);

/** Solves a small problem into a run directory of the given name and writes its page. */
async function solvedPage(cells: string, name = "run", steps = 6): Promise<string> {
  writeFileSync(join(directory(), "small.yaml"), `problem: { domain: { cells: ${cells} }, time: { steps: ${steps} }, initialState: "x*(1-x)", target: "t*x*(1-x)" }\n`);
  const run = join(directory(), name);
  expect((await runMain("solve", join(directory(), "small.yaml"), "--out", run, "--quiet")).code).toBe(0);
  expect((await runMain("report", run)).code).toBe(0);
  return run;
}

let browser: Browser | undefined;
beforeAll(async () => {
  if (!existsSync(CHROMIUM)) return;
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
});
afterAll(() => browser?.close());

interface Visit {
  readonly page: Page;
  /** Errors and requests other than that for the page itself. */
  readonly complaints: readonly string[];
}

async function visit(run: string, width: number): Promise<Visit> {
  const complaints: string[] = [];
  const page = await browser!.newPage({ viewport: { width, height: 844 } });
  const url = pathToFileURL(join(run, "report.html")).href;
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => request.url() !== url && complaints.push(request.url()));
  await page.goto(url);
  return { page, complaints };
}

/** What the pictures show: pixels of all maps, or points of all curves. */
const PICTURES = `[...document.querySelectorAll("canvas[id^=map]")].map((c) => c.toDataURL()).concat([...document.querySelectorAll("polyline[id]")].map((p) => p.getAttribute("points"))).join()`;

inBrowser.each([
  ["1-D", "[16]", 4],
  ["2-D", "[9, 6]", 4],
  ["3-D", "[5, 6, 7]", 4],
])("a page in %s draws, follows the slider, asks for nothing, and fits a telephone", async (_name, cells, fields) => {
  const run = await solvedPage(cells);
  const { page, complaints } = await visit(run, 390);
  expect(await page.evaluate("document.documentElement.dataset.drawn")).toBe("yes");
  const before = (await page.evaluate(PICTURES)) as string;
  expect(before.split(",").length).toBeGreaterThan(fields);
  await page.locator("#time").fill("5");
  expect(await page.evaluate("document.getElementById('time-shown').textContent")).toBe("t = 1 (step 6)");
  expect(await page.evaluate(PICTURES)).not.toBe(before);
  await page.locator("#scale").selectOption("all");
  if (cells.length > 6) expect(await page.evaluate("document.getElementById('scale-control-1').textContent")).toBe("0");
  expect(await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).toBe(true);
  expect(complaints).toEqual([]);
  const text = (await page.evaluate("document.body.innerText")) as string;
  for (const words of ["Converged.", "KKT residual", "Where the time went", "spatial solves", "backward-euler", "digest"]) expect(text).toContain(words);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("#play").isVisible()).toBe(false);
  await page.close();
});

inBrowser("curves lie over their place on the rod, and their axes follow the chosen scale", async () => {
  const run = await solvedPage("[4]");
  const { page, complaints } = await visit(run, 800);
  await page.locator("#time").fill("0");
  const places = (await page.evaluate("document.getElementById('line-state').getAttribute('points')")) as string;
  expect(places.split(" ").map((point) => point.split(",")[0])).toEqual(["150.0", "230.0", "310.0"]);
  const highest = "Number(document.getElementById('scale-state-2').textContent)";
  const ofAll = (await page.evaluate(highest)) as number;
  await page.locator("#scale").selectOption("shown");
  expect(await page.evaluate(highest)).toBeLessThan(ofAll);
  expect(await page.evaluate("document.getElementById('line-state').getAttribute('points')")).not.toBe(places);
  expect(complaints).toEqual([]);
  await page.close();
});

inBrowser("a rod with a single node is drawn, at its middle", async () => {
  const { page, complaints } = await visit(await solvedPage("[2]"), 800);
  expect(await page.evaluate("document.getElementById('line-state').getAttribute('points')")).toMatch(/^230\.0,\d+\.\d$/);
  expect(complaints).toEqual([]);
  await page.close();
});

inBrowser("in print a 3-D page says which plane its maps show, as the choice does on the screen", async () => {
  const { page } = await visit(await solvedPage("[4, 4, 4]"), 700);
  expect(await page.locator("#plane-shown").isVisible()).toBe(false);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("#plane").isVisible()).toBe(false);
  expect(await page.locator("#plane-shown").innerText()).toMatch(/^plane [xyz] = 0\.5|^plane .*[xyz]/);
  await page.close();
});

inBrowser("in print the maps stand two by two, all four on a page", async () => {
  const { page } = await visit(await solvedPage("[9, 9]"), 700);
  await page.emulateMedia({ media: "print" });
  const tops = (await page.evaluate("[...document.querySelectorAll('.field')].map((field) => Math.round(field.getBoundingClientRect().top))")) as number[];
  expect(new Set(tops).size).toBe(2);
  await page.close();
});

const HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";

inBrowser("hostile texts anywhere in a report stay texts, and nothing of them runs", async () => {
  const run = await solvedPage("[5, 4]", "<img src=x onerror=document.title='taken'>");
  const file = join(run, "report.json");
  const report = JSON.parse(readFileSync(file, "utf8")) as RunReport;
  const problem = { ...report.config.problem, target: HOSTILE, diffusivity: HOSTILE, parameters: { [HOSTILE]: 1 } };
  const reason = { kind: "failed", by: HOSTILE, iteration: 1, evidence: HOSTILE };
  writeFileSync(file, JSON.stringify({ ...report, reason, digest: HOSTILE, provenance: { ...report.provenance, cpu: HOSTILE }, config: { ...report.config, problem } }));
  expect((await runMain("report", run)).code).toBe(0);
  const { page, complaints } = await visit(run, 800);
  expect(await page.evaluate("[document.images.length, document.scripts.length, document.title.includes('taken')]")).toEqual([0, 2, true]);
  expect(await page.evaluate("document.title")).toBe("<img src=x onerror=document.title='taken'> – ParaKKT");
  expect(await page.evaluate("document.documentElement.dataset.drawn")).toBe("yes");
  expect(await page.evaluate("document.body.innerText")).toContain("Not converged");
  expect(complaints).toEqual([]);
  await page.close();
});

inBrowser("negative control: a script that the policy does not name is refused by the browser", async () => {
  const run = await solvedPage("[5]");
  const file = join(run, "report.html");
  writeFileSync(file, readFileSync(file, "utf8").replace("</body>", "<script>document.title = 'taken'</script></body>"));
  const { page, complaints } = await visit(run, 800);
  expect(await page.evaluate("document.title")).toBe("run – ParaKKT");
  expect(complaints.join()).toContain("Content Security Policy");
  await page.close();
});

test("fields are thinned out to a bounded page, both ends of the time kept, and the page says so", async () => {
  expect(spread(1000, 4)).toEqual([0, 333, 666, 999]);
  expect(spread(3, 10)).toEqual([0, 1, 2]);
  const run = await solvedPage("[512]", "long", 300);
  const html = readFileSync(join(run, "report.html"), "utf8");
  expect(html).toContain("Thinned out for this page: 60 of 300 steps, 400 of 511 nodes");
  expect(statSync(join(run, "report.html")).size).toBeLessThan(1.2e6);
  const { config } = JSON.parse(readFileSync(join(run, "report.json"), "utf8")) as RunReport;
  const sample = sampleFields(run, config)!;
  expect([sample.steps[0], sample.steps.at(-1), sample.times.at(-1)]).toEqual([1, 300, 1]);
});

test("an array that is gone since is said to be gone", async () => {
  const run = await solvedPage("[6]", "gone");
  rmSync(join(run, "target.npy"));
  expect((await runMain("report", run)).code).toBe(0);
  expect(readFileSync(join(run, "report.html"), "utf8")).toContain("not all are there any more");
});

test("a run without arrays gets a page that says why there are no pictures; a torn array is refused", async () => {
  const run = await solvedPage("[6]");
  writeFileSync(join(run, "state.npy"), readFileSync(join(run, "state.npy")).subarray(0, 200));
  expect(await runMain("report", run)).toMatchObject({ code: 65, stderr: expect.stringContaining("state.npy: expected") as string });
  await runMain("solve", join(directory(), "small.yaml"), "--out", run, "--quiet", "--force", "--set", "output.fields=[]");
  expect(existsSync(join(run, "report.html"))).toBe(false);
  expect((await runMain("report", run)).code).toBe(0);
  expect(readFileSync(join(run, "report.html"), "utf8")).toContain("Solve with output.fields: [npy]");
});

test.each([
  { what: "a directory without a report", text: undefined, code: 66, words: "holds report.json" },
  { what: "a report that is none", text: "{}", code: 65, words: "expected the report of a solve" },
  { what: "text", text: "not json", code: 65, words: "expected the report of a solve" },
])("$what is refused", async ({ text, code, words }) => {
  const run = join(directory(), "wrong");
  mkdirSync(run);
  if (text !== undefined) writeFileSync(join(run, "report.json"), text);
  expect(await runMain("report", run)).toMatchObject({ code, stderr: expect.stringContaining(words) as string });
});

test("the convergence plot has a curve through every norm, and is empty where there is nothing to plot", () => {
  const svg = convergencePlot([1, 0.1, 0.01], 1e-2, 5e-2);
  // At the left, where the curve is high above it.
  expect(svg).toMatch(/text-anchor="start">tolerance 1e-2/);
  expect(/<polyline class="curve" points="([^"]*)"/.exec(svg)?.[1]).toBe("70.0,15.0 345.0,132.5 620.0,250.0");
  expect(svg).toContain("tolerance 1e-2");
  expect(convergencePlot([1], 1e-8, 1e-9)).toBe("");
  expect(convergencePlot([0, 0], 1e-8, 1e-9)).toBe("");
});

test("the convergence plot shows the KKT residual apart from the curve, within its axes, and leaves it out where it is not finite", () => {
  const svg = convergencePlot([1, 0.1], 1e-2, 1e-4);
  expect(/<rect class="judged" x="([^"]*)" y="([^"]*)"/.exec(svg)?.slice(1)).toEqual(["616.0", "246.0"]);
  expect(svg).toContain("KKT residual 1.0e-4");
  for (const none of [NaN, Infinity, 0]) expect(convergencePlot([1, 0.1], 1e-2, none)).not.toContain("judged");
});
