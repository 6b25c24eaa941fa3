/** How many samples arrived in each of the last seconds; oldest first. */
export type Arrivals = readonly { readonly second: number; readonly count: number }[];

const rateSeconds = 5;

/** The rate is read by a clock that is renewed each second and may be slow to be: it may ask for a little more. */
const keptSeconds = rateSeconds + 5;

/** Adds samples that arrived at an instant (milliseconds), forgetting what the rate no longer needs. */
export function countArrivals(arrivals: Arrivals, at: number, count: number): Arrivals {
  if (count === 0) return arrivals;
  const second = Math.floor(at / 1000);
  const kept = arrivals.filter((bucket) => bucket.second > second - keptSeconds);
  const last = kept.at(-1);
  return last?.second === second
    ? [...kept.slice(0, -1), { second, count: last.count + count }]
    : [...kept, { second, count }];
}

/**
 * Samples a second over the last whole seconds before an instant.
 * @param since When samples could first arrive; seconds before it do not count as silence. Milliseconds, like `now`.
 * @returns Null before the first whole second.
 */
export function arrivalRate(arrivals: Arrivals, since: number, now: number): number | null {
  const current = Math.floor(now / 1000);
  const first = Math.max(current - rateSeconds, Math.ceil(since / 1000));
  if (first >= current) return null;
  const counted = arrivals.filter((bucket) => bucket.second >= first && bucket.second < current);
  return counted.reduce((sum, bucket) => sum + bucket.count, 0) / (current - first);
}
