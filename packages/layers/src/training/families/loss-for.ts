import { requireName } from "@parakkt/core";
import { crossEntropy, meanSquare, type Loss } from "../../network/loss.js";

/** Cross-entropy for classes, mean square for regression. */
export type LossName = "cross-entropy" | "mean-square";

/** The loss of `rows` rows of outputs. */
export function lossFor(name: LossName, rows: number): Loss {
  requireName(name, ["cross-entropy", "mean-square"], { what: "loss", where: "network family" });
  return name === "cross-entropy" ? crossEntropy(rows) : meanSquare(rows);
}
