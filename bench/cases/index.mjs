import { bandwidthCase } from "./bandwidth.mjs";
import { communicationCase } from "./communication.mjs";
import { directCase, directGrowthCase } from "./direct.mjs";
import { reducedCase, schurCase, schurGrowthCase, schurVariableCase } from "./iterative.mjs";
import { choleskyCase, kernelsCase } from "./kernels.mjs";
import { modelCase } from "./model.mjs";
import { layerRanksCase, layersCase } from "./layers.mjs";
import { plannerCase } from "./planner.mjs";
import { strongCase } from "./strong.mjs";

/** Every benchmark in the order of the run: (options: { quick, machine }) → case, see measure.mjs. */
export const cases = {
  bandwidth: bandwidthCase,
  communication: communicationCase,
  direct: directCase,
  "direct-growth": directGrowthCase,
  schur: schurCase,
  "schur-variable": schurVariableCase,
  reduced: reducedCase,
  "schur-growth": schurGrowthCase,
  kernels: kernelsCase,
  cholesky: choleskyCase,
  layers: layersCase,
  "layer-ranks": layerRanksCase,
  planner: plannerCase,
  model: modelCase,
  strong: strongCase,
};
