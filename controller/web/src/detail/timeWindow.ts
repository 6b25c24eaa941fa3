import type { Series } from '../fleet/series';

/** The stretch of time a chart shows, milliseconds. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
  /** It ends at the last sample because nothing newer is within sight. */
  readonly past: boolean;
}

/** Lengths to choose from: what there is, or a number of minutes. */
export const windowLengths = ['fit', 1, 3, 10] as const;

export type WindowLength = (typeof windowLengths)[number];

// Beyond five minutes, what happens now would become too narrow to see; below half a minute, noise would fill the chart.
const longestFitMs = 5 * 60_000;
const shortestFitMs = 30_000;

/**
 * The window that ends now, or with the last sample when a device has been silent for longer than the window or its
 * clock runs ahead.
 * @param now Controller clock, milliseconds.
 */
export function timeWindow(series: Series, length: WindowLength, now: number): TimeWindow {
  const last = series.at(-1)?.ts ?? now;
  const past = last < now - (length === 'fit' ? longestFitMs : length * 60_000);
  const to = past ? last : Math.max(now, last);
  return { from: to - (length === 'fit' ? fittingMs(series, to) : length * 60_000), to, past };
}

function fittingMs(series: Series, to: number): number {
  const first = series[0];
  const held = first === undefined ? 0 : to - (first.ts - first.windowMs);
  return Math.min(longestFitMs, Math.max(shortestFitMs, held));
}
