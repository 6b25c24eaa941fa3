import { describe, expect, it } from 'vitest';
import { someSample } from '../some.test-data';
import { axisEnd, linear, timeTicks } from './scales';
import { timeWindow } from './timeWindow';

it('a scale maps its ends and what lies between', () => {
  const scale = linear(0, 10, 100, 0);
  expect([scale(0), scale(5), scale(10)]).toEqual([100, 50, 0]);
});

it.each([
  [0, 1],
  [0.0937, 0.1],
  [1.82, 2],
  [9.96, 10],
  [61, 80],
  [100, 100],
])('an axis for values up to %d ends at %d', (highest, end) => {
  expect(axisEnd(highest)).toBeCloseTo(end, 12);
});

it('time is marked at round instants, no more often than asked', () => {
  expect(timeTicks(1_000, 61_000, 7)).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  expect(timeTicks(0, 600_000, 6).length).toBeLessThanOrEqual(6);
});

describe('the time shown', () => {
  const series = [someSample({ ts: 100_000 }), someSample({ ts: 190_000 })];

  it('fits the samples that there are, from half a minute to five', () => {
    expect(timeWindow(series, 'fit', 195_000)).toEqual({ from: 99_500, to: 195_000, past: false });
    expect(timeWindow(series.slice(1), 'fit', 195_000).from).toBe(165_000);
    expect(timeWindow([someSample({ ts: 0 }), someSample({ ts: 600_000 })], 'fit', 600_000).from).toBe(300_000);
  });

  it('ends now', () => {
    expect(timeWindow(series, 1, 200_000)).toEqual({ from: 140_000, to: 200_000, past: false });
  });

  it('ends with the last sample of a device silent for longer than it', () => {
    expect(timeWindow(series, 1, 9_000_000)).toEqual({ from: 130_000, to: 190_000, past: true });
  });

  it('reaches to the last sample of a device whose clock runs ahead', () => {
    expect(timeWindow(series, 1, 150_000).to).toBe(190_000);
  });
});
