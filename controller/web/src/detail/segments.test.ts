import { describe, expect, it } from 'vitest';
import { someSample } from '../some.test-data';
import { precisionSegments, unbrokenRuns } from './segments';
import { switchCause, switchEvents } from './switchEvents';

describe('the precision bands', () => {
  it('join windows of one precision and meet where it changes', () => {
    const series = [someSample({ ts: 500, bits: 32 }), someSample({ ts: 1000, bits: 32 }), someSample({ ts: 1500, bits: 8 })];
    expect(precisionSegments(series)).toEqual([
      { from: 0, to: 1000, bits: 32 },
      { from: 1000, to: 1500, bits: 8 },
    ]);
  });

  it('leave a gap where windows are missing', () => {
    const series = [someSample({ ts: 500 }), someSample({ ts: 5000 })];
    expect(precisionSegments(series)).toEqual([
      { from: 0, to: 500, bits: 32 },
      { from: 4500, to: 5000, bits: 32 },
    ]);
  });

  it('forgive a window that ends a little late', () => {
    expect(precisionSegments([someSample({ ts: 500 }), someSample({ ts: 1200 })])).toHaveLength(1);
  });
});

it('a line is interrupted where windows are missing', () => {
  const series = [500, 1000, 5000].map((ts) => someSample({ ts }));
  expect(unbrokenRuns(series).map((run) => run.length)).toEqual([2, 1]);
});

describe('a switch', () => {
  it('is told newest first, with the battery it happened at', () => {
    const series = [someSample({ ts: 0, bits: 32 }), someSample({ ts: 500, bits: 8, batteryPct: 49.4, switches: 1 }), someSample({ ts: 1000, bits: 4, batteryPct: 19.6, switches: 2 })];
    const events = switchEvents(series);
    expect(events.map((event) => [event.from, event.to, switchCause(event)])).toEqual([
      [8, 4, 'at 20 % battery'],
      [32, 8, 'at 49 % battery'],
    ]);
  });

  it('says how many more the device counted within the window', () => {
    const series = [someSample({ ts: 0, bits: 32, switches: 5 }), someSample({ ts: 500, bits: 8, switches: 8 })];
    expect(switchEvents(series)[0]!.more).toBe(2);
  });

  it('claims no others after the agent restarted and counts from zero', () => {
    const series = [someSample({ ts: 0, bits: 32, switches: 5 }), someSample({ ts: 500, bits: 8, switches: 1 })];
    expect(switchEvents(series)[0]!.more).toBe(0);
  });

  it('says that it may have been earlier when samples before it are missing', () => {
    const series = [someSample({ ts: 0, bits: 32 }), someSample({ ts: 60_000, bits: 8 })];
    expect(switchEvents(series)[0]!.afterHole).toBe(true);
  });

  it.each([
    ['battery', 'at 53 % battery, charging'],
    ['energy', 'to keep the energy budget'],
    ['latency', 'to keep the latency objective'],
    ['policy', 'by policy'],
    ['release', 'with release net-2'],
    ['moonlight', 'because of moonlight'],
  ])('by %s reads "%s"', (reason, words) => {
    expect(switchCause({ reason, batteryPct: 53, charging: true, release: 'net-2' })).toBe(words);
  });
});
