// `npm run bench:page [-- FILE]`: writes docs/performance.md from bench/results/latest.json or the given result.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { performancePage } from "./page/performance-page.mjs";
import { readResult } from "./result-file.mjs";

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
writeFileSync(place("../docs/performance.md"), performancePage(readResult(process.argv[2] ?? place("results/latest.json"))));
