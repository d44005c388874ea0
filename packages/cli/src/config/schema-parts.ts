import { z } from "zod";

// No program text is ever generated, not even by the schema library.
z.config({ jitless: true });

/** A number > 0; `what` says what was expected. */
export const positive = (what = "a positive number") => z.number({ error: what }).positive({ error: what });
/** A number ≥ 0. */
export const notNegative = (what = "a number of at least 0") => z.number({ error: what }).nonnegative({ error: what });
/** A whole number of at least so much. */
export const whole = (least: number, what = `a whole number of at least ${least}`) => z.int({ error: what }).min(least, { error: what });
/** One of some names. */
export const choice = <const Names extends readonly [string, ...string[]]>(names: Names) => z.enum(names, { error: `one of ${names.join(", ")}` });

/** A section; an empty one (null) counts as left out. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.preprocess((value) => (value === null ? {} : value), z.strictObject(shape, { error: "a mapping of keys" }).optional());
