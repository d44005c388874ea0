/** "1 time step", "12 time steps", "1,048,576 time steps". */
export function countNoun(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
