import type { SineTransformKernel } from "./kernels.js";
import { sideBySide, sinePasses, type LineTransform } from "./sine-passes.js";
import { sineScale } from "./sine-scale.js";

/** The transform of a box by one line transform an axis; `work`: d − 1 vectors of a block of up to four lanes. */
export function sineTransformKernel(points: readonly number[], transforms: readonly LineTransform[], work: readonly Float64Array[]): SineTransformKernel {
  const passes = sinePasses(points, transforms, work);
  const size = points.reduce((a, b) => a * b, 1);
  return {
    scale: sineScale(points),
    apply(x, lanes = 1) {
      if (work.some(({ length }) => length < sideBySide(lanes) * size)) throw new RangeError(`sineTransform: made for blocks of fewer than ${lanes} lanes; ask for them where it is made`);
      passes(x, lanes);
    },
  };
}
