import { expect, it } from 'vitest';
import { longestWaitMs, reconnectWait } from './backoff';

it('waits longer after each failure, up to a limit', () => {
  expect([1, 2, 3, 4, 5, 100].map((failures) => reconnectWait(failures, 1))).toEqual([500, 1000, 2000, 4000, longestWaitMs, longestWaitMs]);
});

it('spreads waits over a quarter of their length', () => {
  expect([reconnectWait(2, 0), reconnectWait(2, 1)]).toEqual([750, 1000]);
});
