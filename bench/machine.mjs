import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";

const CACHES = "/sys/devices/system/cpu/cpu0/cache";

/** What the figures were measured on. */
export function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    caches: caches(),
    memoryBytes: totalmem(),
    node: process.versions.node,
    v8: process.versions.v8,
    os: `${distribution()}, ${type()} ${release()}`,
    architecture: process.arch,
  };
}

/** Load averages over 1, 5 and 15 minutes. */
export const load = () => loadavg().map((value) => Math.round(100 * value) / 100);

/** The commit of the repository, with a plus sign where files differ from it; null outside a clone. */
export function commit() {
  const git = (...parameters) => execFileSync("git", parameters, { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", "..") !== "";
    return git("rev-parse", "HEAD") + (changed ? "+" : "");
  } catch {
    return null;
  }
}

/** Data and unified caches of the first core, from the fastest on: { level, bytes }. Empty where the system does not tell. */
function caches() {
  const read = (index, name) => readFileSync(`${CACHES}/${index}/${name}`, "utf8").trim();
  try {
    return readdirSync(CACHES)
      .filter((index) => /^index\d+$/.test(index) && read(index, "type") !== "Instruction")
      .map((index) => ({ level: Number(read(index, "level")), bytes: bytesOf(read(index, "size")) }))
      .sort((a, b) => a.level - b.level);
  } catch {
    return [];
  }
}

function bytesOf(size) {
  const [, count, unit] = /^(\d+)([KMG]?)$/.exec(size);
  return Number(count) * 2 ** { "": 0, K: 10, M: 20, G: 30 }[unit];
}

function distribution() {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}
