/** Π 2/(nₐ + 1): the factor that makes two unscaled sine transforms the identity. */
export function sineScale(points: readonly number[]): number {
  return points.reduce((scale, count) => (scale * 2) / (count + 1), 1);
}
