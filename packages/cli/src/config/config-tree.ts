/** Keys and list positions from the root of the config. */
export type ConfigPath = readonly (string | number)[];

/** Where a key and its value stand: `file:line:column` or an option. */
export interface ConfigPlace {
  readonly key: string;
  readonly value: string;
}

/** A config as plain data together with the place of every key and value. */
export interface ConfigTree {
  readonly root: unknown;
  readonly places: Map<string, ConfigPlace>;
  /** Place of the file as a whole. */
  readonly start: string;
}

/** The key of `places` for a path. */
export function pathKey(path: ConfigPath): string {
  return JSON.stringify(path.map(String));
}

/** Place of the value at `path`, or of its nearest ancestor that is there. */
export function placeOfValue(tree: ConfigTree, path: ConfigPath): string {
  return nearestPlace(tree, path)?.value ?? tree.start;
}

/** Place of the key at `path`, or of its nearest ancestor that is there. */
export function placeOfKey(tree: ConfigTree, path: ConfigPath): string {
  return nearestPlace(tree, path)?.key ?? tree.start;
}

/** The value at `path`, if there is one. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (isContainer(value) && Object.hasOwn(value, part) ? value[part] : undefined), root);
}

/** Mappings and lists, seen as records. */
export function isContainer(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}

function nearestPlace({ places }: ConfigTree, path: ConfigPath): ConfigPlace | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = places.get(pathKey(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return undefined;
}
