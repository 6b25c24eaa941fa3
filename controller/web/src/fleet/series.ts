import type { Sample } from '../contract/types';

/** A sample in its place on the time line. */
export interface TimelineSample extends Sample {
  /** It arrived after a newer one: the device had kept it while it was offline. */
  readonly late: boolean;
}

/** Samples of one device in time order, each instant once. */
export type Series = readonly TimelineSample[];

/** Ten minutes of half-second windows, the most the time line shows. */
export const maxSamplesPerSeries = 1200;

/** Index of the first sample at or after an instant. */
export function firstAtOrAfter(series: Series, ts: number): number {
  let low = 0;
  let high = series.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (series[middle]!.ts < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Puts samples where they belong, whatever order they come in.
 * @param series In time order; not changed.
 * @param samples Any order; a sample of an instant already there is a repetition and changes nothing.
 * @param history True for answers to a request for the past: their age says nothing about being late.
 * @returns The same object when nothing was new; never longer than {@link maxSamplesPerSeries}, the newest are kept.
 */
export function insertSamples(series: Series, samples: readonly Sample[], history: boolean): Series {
  let next: TimelineSample[] | null = null;
  for (const sample of samples) {
    const held: Series = next ?? series;
    const at = firstAtOrAfter(held, sample.ts);
    if (held[at]?.ts === sample.ts) continue;
    if (at === 0 && held.length >= maxSamplesPerSeries) continue;
    next ??= [...series];
    next.splice(at, 0, { ...sample, late: !history && at < held.length });
    if (next.length > maxSamplesPerSeries) next.shift();
  }
  return next ?? series;
}
