import { ConfigError } from "./config-problem.js";
import { isContainer, pathKey, placeOfValue, valueAt, type ConfigTree } from "./config-tree.js";

/** Version of report.json that this program writes and reads. */
export const REPORT_SCHEMA_VERSION = 1;

/** The config itself: of a report the part `config`, of any other file the whole. */
export function configOfReport(tree: ConfigTree): ConfigTree {
  if (!isContainer(tree.root) || !Object.hasOwn(tree.root, "schemaVersion") || Object.hasOwn(tree.root, "problem")) return tree;
  const version = valueAt(tree.root, ["schemaVersion"]);
  if (version !== REPORT_SCHEMA_VERSION) {
    const what = `expected a report of version ${REPORT_SCHEMA_VERSION}, got ${JSON.stringify(version)}`;
    const location = placeOfValue(tree, ["schemaVersion"]);
    throw new ConfigError([{ location, key: "schemaVersion", what, hint: "solve with the program that wrote it, or copy its part config" }]);
  }
  const prefix = pathKey(["config"]).slice(0, -1);
  const inside = [...tree.places].filter(([key]) => key.startsWith(`${prefix},`));
  const places = new Map(inside.map(([key, place]) => [`[${key.slice(prefix.length + 1)}`, place]));
  return { root: valueAt(tree.root, ["config"]), places, start: placeOfValue(tree, ["config"]) };
}
