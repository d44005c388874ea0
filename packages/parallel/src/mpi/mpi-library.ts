import type { LibraryHandle } from "koffi";
import { MpiUnavailableError } from "../ranks/rank-errors.js";

/** What is used of the package. */
interface Koffi {
  load(path: string, options: { readonly global: boolean }): LibraryHandle;
}

type Call = (...args: unknown[]) => number;

/** An MPI library, its constants and the functions that are used of it; all return an MPI error code. */
export interface MpiLibrary {
  readonly path: string;
  readonly family: "Open MPI" | "MPICH";
  readonly world: unknown;
  readonly double: unknown;
  /** Bytes of an MPI_Request and of an MPI_Status. */
  readonly requestBytes: number;
  readonly statusBytes: number;
  readonly errorsReturn: unknown;
  readonly call: Readonly<Record<MpiFunction, Call>>;
}

/** Signatures with H for handles, whose type depends on the library; requests are passed by address. */
const signatures = {
  MPI_Init_thread: "void*, void*, int, void*",
  MPI_Initialized: "void*",
  MPI_Finalize: "",
  MPI_Finalized: "void*",
  MPI_Abort: "H, int",
  MPI_Comm_rank: "H, void*",
  MPI_Comm_size: "H, void*",
  MPI_Comm_set_errhandler: "H, H",
  MPI_Error_string: "int, void*, void*",
  MPI_Isend: "void*, int, H, int, int, H, void*",
  MPI_Irecv: "void*, int, H, int, int, H, void*",
  MPI_Testall: "int, void*, void*, void*",
  MPI_Get_count: "void*, H, void*",
  MPI_Iallgather: "void*, int, H, void*, int, H, H, void*",
  MPI_Iallgatherv: "void*, int, H, void*, void*, void*, H, H, void*",
  MPI_Ialltoallv: "void*, void*, void*, H, void*, void*, void*, H, H, void*",
  MPI_Ibcast: "void*, int, H, int, H, void*",
  MPI_Ibarrier: "H, void*",
} as const;

type MpiFunction = keyof typeof signatures;

const INSTALL = "Install Open MPI (Debian and Ubuntu: apt-get install openmpi-bin libopenmpi-dev) or MPICH, or set PARAKKT_MPI_LIBRARY to the path of libmpi";

/** Names to try; the family of the launcher first. */
function candidates(environment: Readonly<Record<string, string | undefined>>): string[] {
  const chosen = environment["PARAKKT_MPI_LIBRARY"];
  if (chosen !== undefined) return [chosen];
  const openMpi = ["libmpi.so.40", "libmpi.so.80", "libmpi.so", "libmpi.dylib"];
  const mpich = ["libmpich.so.12", "libmpi.so.12", "libmpich.so", "libmpi.12.dylib"];
  const launchedByMpich = environment["PMI_SIZE"] !== undefined && environment["OMPI_COMM_WORLD_SIZE"] === undefined;
  return launchedByMpich ? [...mpich, ...openMpi] : [...openMpi, ...mpich];
}

/** Loads koffi and an MPI library. Throws `MpiUnavailableError` where one of them is missing. */
export async function loadMpi(environment: Readonly<Record<string, string | undefined>> = process.env): Promise<MpiLibrary> {
  const koffi = await loadKoffi();
  const names = candidates(environment);
  for (const path of names) {
    const library = open(koffi, path);
    if (library) return bind(library, path);
  }
  throw new MpiUnavailableError(`no MPI library was found (tried ${names.join(", ")})`, INSTALL);
}

async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import("koffi")).default;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new MpiUnavailableError(`the package koffi, which calls MPI, could not be loaded (${reason})`, "Install it with: npm install koffi");
  }
}

/** With its symbols visible to the plug-ins that Open MPI loads itself. */
function open(koffi: Koffi, path: string): LibraryHandle | undefined {
  try {
    return koffi.load(path, { global: true });
  } catch {
    return undefined;
  }
}

function bind(library: LibraryHandle, path: string): MpiLibrary {
  const world = symbol(library, "ompi_mpi_comm_world");
  const call = functions(library, world === undefined ? "int" : "void*");
  if (world === undefined) {
    return { path, family: "MPICH", world: 0x44000000, double: 0x4c00080b, requestBytes: 4, statusBytes: 20, errorsReturn: 0x54000001, call };
  }
  const double = symbol(library, "ompi_mpi_double");
  const errorsReturn = symbol(library, "ompi_mpi_errors_return");
  return { path, family: "Open MPI", world, double, requestBytes: 8, statusBytes: 24, errorsReturn, call };
}

function functions(library: LibraryHandle, handle: string): Record<MpiFunction, Call> {
  const bound = Object.entries(signatures).map(([name, signature]) => [name, library.func(`int ${name}(${signature.replaceAll("H", handle)})`)] as const);
  return Object.fromEntries(bound) as unknown as Record<MpiFunction, Call>;
}

function symbol(library: LibraryHandle, name: string): unknown {
  try {
    return library.symbol(name) as unknown;
  } catch {
    return undefined;
  }
}
