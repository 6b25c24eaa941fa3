import { expect, it } from 'vitest';
import type { Execution } from '../contract/types';
import { someRollout } from '../some.test-data';
import { rolloutCounts, rolloutSize } from './rolloutText';
import { maxWaveRows, waveRows } from './waveRows';

const executions = (state: string, howMany: number): Execution[] =>
  Array.from({ length: howMany }, (_, index) => ({ device: `${state}-${index}`, state, pct: null, code: null, detail: null, ms: null }));

it('a small wave shows its devices in the order of the controller', () => {
  const devices = [...executions('Committed', 1), ...executions('Failed', 1), ...executions('Queued', 1)];
  expect(waveRows(devices)).toMatchObject({ rows: devices, hidden: 0, waiting: false });
});

it('a large wave shows bad ends first, then what moves, and counts the rest', () => {
  const shown = waveRows([...executions('Committed', 9000), ...executions('Downloading', 900), ...executions('Rejected', 3)]);
  expect(shown.rows).toHaveLength(maxWaveRows);
  expect(shown.rows.slice(0, 4).map((execution) => execution.state)).toEqual(['Rejected', 'Rejected', 'Rejected', 'Downloading']);
  expect(shown.hidden).toBe(9903 - maxWaveRows);
  expect(shown.counts).toEqual({ good: 9000, working: 900, bad: 3, waiting: 0 });
});

it('a wave waits while none of its devices has begun', () => {
  expect(waveRows(executions('Queued', 2)).waiting).toBe(true);
});

it('the size of a rollout is that of its waves, or of its counts when it tells no waves', () => {
  const rollout = someRollout({ committed: 2, failed: 1, pending: 4 });
  expect(rolloutSize(rollout)).toBe(7);
  expect(rolloutSize({ ...rollout, waves: [{ index: 0, devices: executions('Queued', 9) }] })).toBe(9);
  expect(rolloutCounts(rollout)).toBe('2 of 7 committed · 1 failed · 4 to go');
});
