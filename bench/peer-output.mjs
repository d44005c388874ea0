/** What the peers print, as samples: metrics in SI units. Errors: for output that has another form. */

/** limit: `limit-fftw n=… median=0.3288s min=… cpu=0.3287s (dst 0.0866 tri 0.0686 idst 0.1571) J=… relKKT=… rss=198MB` */
export function parseLimit(output) {
  const read = reader("limit", output);
  return {
    metrics: { cpu: read(/cpu=([\d.]+)s/), wall: read(/median=([\d.]+)s/), peakBytes: read(/rss=(\d+)MB/) * 2 ** 20 },
    phases: { "forward transform": read(/dst ([\d.]+)/), "solve in time": read(/tri ([\d.]+)/), "backward transforms": read(/idst ([\d.]+)/) },
    details: { objective: read(/ J=([\d.e+-]+)/), relativeResidual: read(/relKKT=([\d.e+-]+)/) },
  };
}

/** petsc_ref.py: `petsc cgS … its=11 … wall=11.567s min=… cpu0=11.558 J=… relKKT=2.61e-09 rss=1031MB` */
export function parsePetsc(output) {
  const read = reader("petsc_ref.py", output);
  return {
    metrics: { cpu: read(/cpu0=([\d.]+)/), wall: read(/wall=([\d.]+)s/), peakBytes: read(/rss=(\d+)MB/) * 2 ** 20 },
    details: { iterations: read(/its=(\d+)/), objective: read(/ J=([\d.e+-]+)/), relativeResidual: read(/relKKT=([\d.e+-]+)/) },
  };
}

/** stream: `threads=1 copy=12.58 GB/s triad=13.06 GB/s …` */
export function parseStream(output) {
  const read = reader("stream", output);
  return { metrics: { copy: 1e9 * read(/copy=([\d.]+) GB/), triad: 1e9 * read(/triad=([\d.]+) GB/) }, details: {} };
}

/** ch: `CHOLMOD n=63 … factor med 4.04 best … | K=1 0.243 ms (0.243/rhs) … K=8 0.745 ms (0.093/rhs) …`, milliseconds. */
export function parseCholmod(output) {
  const read = reader("ch", output);
  return {
    metrics: { factor: read(/factor med ([\d.]+)/), solve1: read(/K=1 [\d.]+ ms \(([\d.]+)\/rhs/), solve8: read(/K=8 [\d.]+ ms \(([\d.]+)\/rhs/) },
    details: { factorNonzeros: read(/nnzL=(\d+)/) },
  };
}

function reader(program, output) {
  return (pattern) => {
    const value = Number(pattern.exec(output)?.[1] ?? NaN);
    if (Number.isNaN(value)) throw new Error(`${program} prints nothing like ${pattern.source}: ${output.trim().slice(0, 200)}`);
    return value;
  };
}
