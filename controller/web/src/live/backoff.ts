/** Longest wait between two attempts, milliseconds. */
export const longestWaitMs = 5000;

/**
 * Wait before an attempt to reconnect, milliseconds: doubles from half a second up to {@link longestWaitMs}.
 * @param failures Attempts that failed in a row, from 1.
 * @param chance 0..1; spreads the dashboards of a fleet, so that they do not all return in the same instant.
 */
export function reconnectWait(failures: number, chance: number): number {
  const whole = Math.min(longestWaitMs, 500 * 2 ** Math.min(failures - 1, 10));
  return whole * (0.75 + 0.25 * chance);
}
