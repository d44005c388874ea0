import { axpy, euclideanSpace, scale, subtract } from "@parakkt/core";
import { armijoSearch } from "./armijo.js";
import { clearMemory, type Optimizer, type UpdateOutcome, type UpdateTask } from "./optimizer.js";

export interface LbfgsOptions {
  /** Pairs that are kept, default 10. */
  readonly pairs?: number;
}

/** Pairs with less curvature, sᵀy ≤ 1e-10 ‖y‖ ‖s‖, are not kept: the inverse Hessian must stay positive definite. */
const LEAST_CURVATURE = 1e-10;

/**
 * d = −H∇J with H from the last pairs s = Δθ, y = Δ∇J by the two-loop recursion [Nocedal1980], then a search by Armijo's condition.
 *
 * For one batch that stays the same: differences of gradients of different batches are noise. A search that fails empties the memory
 * and goes along −∇J. Keeps 2m + 4 vectors for m pairs.
 */
export function lbfgs(size: number, { pairs = 10 }: LbfgsOptions = {}): Optimizer {
  const { innerProduct: dot } = euclideanSpace(size);
  const history = pairHistory(size, pairs);
  const direction = new Float64Array(size);
  const start = new Float64Array(size);
  const search = (task: UpdateTask): UpdateOutcome => {
    history.take(task.parameters, task.gradient);
    direction.set(task.gradient);
    history.applyInverse(direction);
    scale(-1, direction);
    return armijoSearch(task, direction, { slope: dot(direction, task.gradient), start });
  };
  return {
    name: "lbfgs",
    memory: history.memory,
    reset: history.clear,
    update(task) {
      const outcome = search(task);
      if (outcome.step > 0) return outcome;
      history.clear();
      const again = search(task);
      if (again.step === 0) history.clear();
      return { step: again.step, evaluations: outcome.evaluations + again.evaluations };
    },
  };
}

interface PairHistory {
  readonly memory: readonly Float64Array[];
  clear(): void;
  /** A new iterate and its gradient: with the ones before they make a pair. */
  take(parameters: Float64Array, gradient: Float64Array): void;
  /** x ← H x; without pairs H = 1/max(1, ‖x‖). */
  applyInverse(x: Float64Array): void;
}

function pairHistory(size: number, limit: number): PairHistory {
  /** One more than is used: a pair that is turned down must not take the place of one that is in use. */
  const slots = limit + 1;
  const { innerProduct: dot } = euclideanSpace(size);
  const vectors = (): Float64Array[] => Array.from({ length: slots }, () => new Float64Array(size));
  const [steps, changes] = [vectors(), vectors()];
  const previous = { parameters: new Float64Array(size), gradient: new Float64Array(size) };
  /** Whether there is a previous iterate, and how many pairs there have been; pair k is in slot k mod `slots`. */
  const counters = new Float64Array(2);
  const memory = [...steps, ...changes, previous.parameters, previous.gradient, counters];
  const weights = new Float64Array(slots);

  const take = (parameters: Float64Array, gradient: Float64Array): void => {
    const slot = counters[1] % slots;
    if (counters[0] === 1) {
      subtract(parameters, previous.parameters, steps[slot]);
      subtract(gradient, previous.gradient, changes[slot]);
      const [s, y] = [steps[slot], changes[slot]];
      if (dot(s, y) > LEAST_CURVATURE * Math.sqrt(dot(s, s) * dot(y, y))) counters[1]++;
    }
    previous.parameters.set(parameters);
    previous.gradient.set(gradient);
    counters[0] = 1;
  };
  const applyInverse = (x: Float64Array): void => {
    const last = counters[1];
    const first = Math.max(0, last - limit);
    if (last === 0) return scale(1 / Math.max(1, Math.sqrt(dot(x, x))), x);
    for (let k = last - 1; k >= first; k--) {
      const [s, y] = [steps[k % slots], changes[k % slots]];
      weights[k % slots] = dot(s, x) / dot(s, y);
      axpy(-weights[k % slots], y, x);
    }
    const [s, y] = [steps[(last - 1) % slots], changes[(last - 1) % slots]];
    scale(dot(s, y) / dot(y, y), x);
    for (let k = first; k < last; k++) {
      const [sk, yk] = [steps[k % slots], changes[k % slots]];
      axpy(weights[k % slots] - dot(yk, x) / dot(sk, yk), sk, x);
    }
  };
  return { memory, clear: () => clearMemory(memory), take, applyInverse };
}
