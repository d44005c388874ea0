import type { z } from "zod";
import { configSchema } from "./schema.js";

/** The parts of a schema that are needed to find its keys. */
interface SchemaView {
  readonly shape?: Readonly<Record<string, SchemaView>>;
  readonly description?: string | undefined;
  readonly def?: { readonly innerType?: SchemaView; readonly out?: SchemaView; readonly options?: readonly SchemaView[] };
}

/** The keys that a mapping at `path` may have; of a config to solve unless another schema is given. */
export function knownKeys(path: readonly PropertyKey[], schema: z.ZodType = configSchema): string[] {
  const view = path.reduce<SchemaView | undefined>((at, part) => shapeOf(at)?.[String(part)], schema as SchemaView);
  return Object.keys(shapeOf(view) ?? {});
}

/** Key paths such as `solver.method` of the whole config. */
export function allKeyPaths(path: readonly string[] = [], schema: z.ZodType = configSchema): string[] {
  return knownKeys(path, schema).flatMap((key) => [[...path, key].join("."), ...allKeyPaths([...path, key], schema)]);
}

function shapeOf(view: SchemaView | undefined): Readonly<Record<string, SchemaView>> | undefined {
  if (view === undefined) return undefined;
  if (view.shape !== undefined) return view.shape;
  const inner = view.def?.innerType ?? view.def?.out;
  if (inner !== undefined) return shapeOf(inner);
  return view.def?.options?.map(shapeOf).find((shape) => shape !== undefined);
}
