import type { Series } from '../fleet/series';

/** A stretch of time at one precision, without a hole in the data. Instants in milliseconds. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly bits: number;
}

/** True when windows between two samples are missing: a line between them would claim what nobody saw. */
export function isHole(before: { ts: number }, after: { ts: number; windowMs: number }): boolean {
  // Windows end a little early or late on a busy device: half a window is no hole.
  return after.ts - before.ts > Math.max(after.windowMs, 1) * 1.5;
}

/** The stretches of time at one precision each, oldest first. */
export function precisionSegments(series: Series): readonly Segment[] {
  const segments: { from: number; to: number; bits: number }[] = [];
  for (const [index, sample] of series.entries()) {
    const before = series[index - 1];
    const open = segments.at(-1);
    const connected = before !== undefined && !isHole(before, sample);
    if (open && connected && open.bits === sample.bits) open.to = sample.ts;
    else segments.push({ from: connected ? before.ts : sample.ts - sample.windowMs, to: sample.ts, bits: sample.bits });
  }
  return segments;
}

/** Runs of samples without a hole: what may be drawn as one line. */
export function unbrokenRuns(series: Series): readonly Series[] {
  const runs: Series[number][][] = [];
  for (const [index, sample] of series.entries()) {
    const before = series[index - 1];
    if (before !== undefined && !isHole(before, sample)) runs.at(-1)!.push(sample);
    else runs.push([sample]);
  }
  return runs;
}
