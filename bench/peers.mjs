import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseCholmod, parseLimit, parsePetsc, parseStream } from "./peer-output.mjs";
import { outputOf } from "./processes.mjs";

const FAST = ["-O3", "-march=native"];
const SHARED = [...FAST, "-ffast-math", "-shared", "-fPIC"];
const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** Programs that run by themselves: source in the peers' directory, flags, Debian packages. A built one of the same name is taken as it is. */
const programs = {
  limit: { source: "limit.c", flags: [...FAST, "-fopenmp"], libraries: ["-lfftw3", "-lopenblas", "-lm"], packages: ["gcc", "libfftw3-dev", "libopenblas-dev"] },
  stream: { source: "stream.c", flags: [...FAST, "-fopenmp"], libraries: [], packages: ["gcc"] },
  cholmod: { source: "kernels/ch.c", flags: FAST, libraries: ["-lcholmod", "-lm"], packages: ["gcc", "libsuitesparse-dev"] },
};

/** Kernels that are called in our own process, as shared libraries. */
const libraries = {
  k: ["-lm"],
  v: ["-lm"],
  mg: ["-lm"],
  mg3: ["-lm"],
  p: ["-lfftw3", "-lm"],
  f: ["-lfftw3", "-lopenblas", "-lm"],
};

/** Debian packages of what is no program of its own. */
const packages = {
  petsc: ["python3-petsc4py", "python3-mpi4py", "python3-scipy"],
  kernels: ["gcc", "libfftw3-dev", "libopenblas-dev", "npm: koffi"],
};

/**
 * The named peers (limit, stream, cholmod, petsc, kernels) in a directory, built where needed into a directory of their own that `dispose` removes.
 *
 * `list`: { name, available, reason, packages } of each. `run.NAME(parameters)`: one run of it as a sample; `missing(name)`: why it cannot run.
 * `kernels`: what `openCPeers` needs, `undefined` without.
 */
export async function findPeers(directory, names) {
  const root = directory && resolve(directory);
  const built = mkdtempSync(join(tmpdir(), "parakkt-bench-"));
  const attempt = (find) => attempted(find, [root, built]);
  const finders = { petsc: () => findPetsc(root), kernels: () => findKernels({ root, built, attempt }) };
  const found = {};
  const list = [];
  for (const name of names) {
    const { value, reason } = await attempt(finders[name] ?? (() => findProgram(name, programs[name], { root, built })));
    found[name] = value;
    list.push({ name, available: reason === undefined, ...(reason && { reason }), packages: packages[name] ?? programs[name].packages });
  }
  return {
    list,
    kernels: found.kernels,
    missing: (name) => list.find((peer) => peer.name === name)?.reason,
    run: runners(found),
    dispose: () => rmSync(built, { recursive: true, force: true }),
  };
}

function runners({ limit, stream, cholmod, petsc }) {
  return {
    limit: async ({ n, steps, omega, repetitions, method }) => parseLimit(await outputOf(limit, [n, steps, omega, repetitions, method])),
    stream: async () => parseStream(await outputOf(stream, [])),
    cholmod: async ({ n }) => parseCholmod(await outputOf(cholmod, [n])),
    petsc: async ({ n, steps, omega, method }) =>
      parsePetsc(await outputOf(PYTHON, [petsc.script, "-method", method, "-n", n, "-nt", steps, "-omega", omega, "-spatial", "chol"], petsc.environment)),
  };
}

/** { value } or { reason }; a reason names no directories of the machine. */
async function attempted(find, directories) {
  try {
    return { value: await find() };
  } catch (error) {
    return { reason: directories.filter(Boolean).reduce((text, directory) => text.replaceAll(directory, "…"), error.message) };
  }
}

async function findProgram(name, { source, flags, libraries: linked }, { root, built }) {
  requireDirectory(root);
  const ready = join(root, name);
  if (existsSync(ready)) return ready;
  const target = join(built, name);
  await compile([...flags, join(root, source), "-o", target, ...linked]);
  return target;
}

async function findPetsc(root) {
  requireDirectory(root);
  const script = join(root, "petsc_ref.py");
  if (!existsSync(script)) throw new Error("petsc_ref.py is not in the peers' directory");
  const environment = { PETSC_DIR: process.env.PETSC_DIR ?? petscDirectory() };
  await outputOf(PYTHON, ["-c", "import petsc4py, mpi4py, scipy"], environment);
  return { script, environment };
}

/** Where Debian keeps PETSc, for the case that no alternative is set. */
function petscDirectory() {
  const versions = "/usr/lib/petscdir";
  if (existsSync("/usr/lib/petsc") || !existsSync(versions)) return "";
  const builds = readdirSync(versions).flatMap((version) => readdirSync(join(versions, version)).map((build) => join(versions, version, build)));
  return builds.find((build) => build.endsWith("-real")) ?? "";
}

async function findKernels({ root, built, attempt }) {
  requireDirectory(root);
  const koffi = [root, fileURLToPath(new URL("..", import.meta.url))].find((place) => resolves("koffi", place));
  if (!koffi) throw new Error("koffi is not installed: npm install --prefix DIR koffi, in the peers' directory");
  const made = [];
  for (const [name, linked] of Object.entries(libraries)) {
    const { reason } = await attempt(() => compile([...SHARED, join(root, "kernels", `${name}.c`), "-o", join(built, `${name}.so`), ...linked]));
    if (reason === undefined) made.push(name);
    else if (name === "k") throw new Error(reason);
  }
  return { directory: built, koffi, libraries: made };
}

async function compile(parameters) {
  const source = parameters.find((parameter) => parameter.endsWith(".c"));
  if (!existsSync(source)) throw new Error(`${source.split("/").at(-1)} is not in the peers' directory`);
  await outputOf("gcc", parameters);
}

function resolves(name, from) {
  try {
    createRequire(join(from, "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function requireDirectory(root) {
  if (root === undefined) throw new Error("no directory of peers is given (--peers DIR or BENCH_PEERS)");
  if (!existsSync(root)) throw new Error("the directory of peers that is given does not exist");
}
