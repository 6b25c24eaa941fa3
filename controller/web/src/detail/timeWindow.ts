import type { Series } from '../fleet/series';

/** The stretch of time a chart shows, milliseconds. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
  /** It ends at the last sample because nothing newer is within sight. */
  readonly past: boolean;
}

/** Lengths to choose from, minutes. */
export const windowMinutes = [1, 2, 5, 10] as const;

/** The longest that is taken unasked: beyond it, what happens now becomes too narrow to see. */
const longestUnasked: WindowMinutes = 5;

export type WindowMinutes = (typeof windowMinutes)[number];

/** The length shown as long as nobody chose one: the shortest that holds all samples, up to {@link longestUnasked}. */
export function fittingMinutes(series: Series, now: number): WindowMinutes {
  const first = series[0];
  const needed = first === undefined ? 0 : Math.max(now, series.at(-1)!.ts) - first.ts;
  return windowMinutes.find((minutes) => needed <= minutes * 60_000 && minutes <= longestUnasked) ?? longestUnasked;
}

/**
 * The window that ends now, or with the last sample when a device has been silent for longer than the window or its
 * clock runs ahead.
 * @param now Controller clock, milliseconds.
 */
export function timeWindow(series: Series, minutes: WindowMinutes, now: number): TimeWindow {
  const length = minutes * 60_000;
  const last = series.at(-1)?.ts ?? now;
  const past = last < now - length;
  const to = past ? last : Math.max(now, last);
  return { from: to - length, to, past };
}
