/** At most so many of the entries, evenly spread, the last one included. */
export function thinned<Entry>(entries: readonly Entry[], most: number): Entry[] {
  const every = Math.ceil(entries.length / most);
  return entries.filter((_, k) => (entries.length - 1 - k) % every === 0);
}
