import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const DOUBLES = 2 ** 22;
const PAGES = (8 * DOUBLES) / 4096;

/** Page faults of a process of its own while one double of each page is read, then written. */
function faultsOnFirstUse(make: string): number {
  const moduleAt = (path: string): string => JSON.stringify(import.meta.resolve(path));
  const program = `
    const { heapArena } = await import(${moduleAt("@parakkt/core")});
    const { zeroIterate } = await import(${moduleAt("../dist/kkt/zero-iterate.js")});
    const x = ${make}(heapArena(), ${DOUBLES});
    const before = process.resourceUsage().minorPageFault;
    let sum = 0;
    for (let i = 0; i < x.length; i += 512) sum += x[i];
    for (let i = 0; i < x.length; i += 512) x[i] = sum + 1;
    console.log(process.resourceUsage().minorPageFault - before);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

const HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled";
/** Linux, without huge pages for everybody: they come two megabytes at a time. */
const byPages = existsSync("/proc/self/statm") && !(existsSync(HUGE_PAGES) && readFileSync(HUGE_PAGES, "utf8").includes("[always]"));
const onPages = byPages ? test : test.skip;

onPages("the pages of an iterate are there before it is read", () => {
  expect(faultsOnFirstUse("zeroIterate")).toBeLessThan(PAGES / 8);
});

onPages("those of another vector that is read first come by two faults a page (negative control)", () => {
  expect(faultsOnFirstUse("((arena, length) => arena.allocate(length))")).toBeGreaterThan(1.5 * PAGES);
});
