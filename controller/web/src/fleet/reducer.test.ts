import { describe, expect, it } from 'vitest';
import { some, someDevice, someRollout, someSample } from '../some.test-data';
import { arrivalRate } from './arrivals';
import { maxRollouts, maxSeries, reduceFleet } from './reducer';
import { maxSamplesPerSeries } from './series';
import { emptyFleet, type FleetAction, type FleetState } from './state';

const after = (...actions: FleetAction[]): FleetState => actions.reduce(reduceFleet, emptyFleet);
const telemetry = (at: number, ...stamps: number[]): FleetAction => ({
  type: 'events',
  at,
  events: stamps.map((ts) => ({ kind: 'telemetry', device: 'edge-01', sample: someSample({ ts }) })),
});
const stamps = (state: FleetState) => state.series.get('edge-01')?.map((sample) => sample.ts);

describe('telemetry', () => {
  it('is kept in time order whatever order it arrives in', () => {
    expect(stamps(after(telemetry(0, 3000, 1000), telemetry(1, 2000)))).toEqual([1000, 2000, 3000]);
  });

  it('is kept once when it arrives twice', () => {
    expect(stamps(after(telemetry(0, 1000, 2000), telemetry(1, 2000, 1000)))).toEqual([1000, 2000]);
  });

  it('is marked late when a newer sample was already there', () => {
    const state = after(telemetry(0, 1000, 3000), telemetry(1, 2000));
    expect(state.series.get('edge-01')!.map((sample) => sample.late)).toEqual([false, true, false]);
  });

  it('is not marked late when the page asked for the past', () => {
    const state = after(telemetry(0, 3000), { type: 'history', device: 'edge-01', samples: [someSample({ ts: 1000 })] });
    expect(state.series.get('edge-01')!.map((sample) => sample.late)).toEqual([false, false]);
  });

  it('keeps the newest samples when there are more than fit', () => {
    const many = Array.from({ length: maxSamplesPerSeries + 50 }, (_, index) => 1000 * (index + 1));
    const state = after(telemetry(0, ...many), telemetry(1, 1));
    expect(stamps(state)).toHaveLength(maxSamplesPerSeries);
    expect(stamps(state)![0]).toBe(51_000);
  });

  it('keeps samples of a bounded number of devices, the chosen one among them', () => {
    const chosen: FleetAction = { type: 'chosen', device: 'd-0' };
    const events = Array.from({ length: maxSeries + 10 }, (_, index): FleetAction => ({
      type: 'events',
      at: index,
      events: [{ kind: 'telemetry', device: `d-${index}`, sample: someSample({ ts: index }) }],
    }));
    const kept = [...after(chosen, ...events).series.keys()];
    expect(kept).toHaveLength(maxSeries);
    expect(kept).toContain('d-0');
    expect(kept).toContain(`d-${maxSeries + 9}`);
  });

  it('gives the rate of whole seconds since the link was made', () => {
    const state = after(telemetry(1000, 1, 2), telemetry(2500, 3, 4), telemetry(3100, 5));
    expect(arrivalRate(state.arrivals, 1000, 3500)).toBe(2);
    expect(arrivalRate(state.arrivals, 3100, 3500)).toBeNull();
  });

  it('gives the same rate to a reader whose clock is a second or two behind', () => {
    const seconds = Array.from({ length: 20 }, (_, index): FleetAction => telemetry(1000 * index + 900, 10 * index + 1, 10 * index + 2));
    const { arrivals } = after(...seconds);
    expect([17_950, 18_950, 19_950].map((now) => arrivalRate(arrivals, 0, now))).toEqual([2, 2, 2]);
  });

  it('has no rate left from before a break', () => {
    const state = after(telemetry(1000, 1, 2), { type: 'disconnected', at: 1500 });
    expect(state.arrivals).toEqual([]);
  });
});

describe('a snapshot', () => {
  const snapshot = (ids: string[], requestedAt: number, bits = 32): FleetAction => ({
    type: 'snapshot',
    devices: ids.map((id) => someDevice({ id, bits })),
    rollouts: [],
    requestedAt,
    at: requestedAt + 5,
  });
  const event = (id: string, at: number, bits: number): FleetAction => ({ type: 'events', at, events: [{ kind: 'device', device: someDevice({ id, bits }) }] });

  it('makes the link live', () => {
    expect(after(snapshot(['a'], 10)).connection).toEqual({ kind: 'live', since: 15 });
  });

  it('forgets devices that the controller no longer has', () => {
    expect([...after(snapshot(['a', 'b'], 10), snapshot(['b'], 20)).devices.keys()]).toEqual(['b']);
  });

  it('does not overwrite what the stream said after the snapshot was asked for', () => {
    const state = after(event('a', 12, 4), snapshot(['a'], 10, 32));
    expect(state.devices.get('a')!.value.bits).toBe(4);
  });

  it('overwrites what the stream said before the snapshot was asked for', () => {
    const state = after(event('a', 9, 4), snapshot(['a'], 10, 32));
    expect(state.devices.get('a')!.value.bits).toBe(32);
  });
});

describe('the link', () => {
  it('stays broken since its first break, however many attempts fail', () => {
    const state = after({ type: 'disconnected', at: 100 }, { type: 'disconnected', at: 900 });
    expect(state.connection).toEqual({ kind: 'reconnecting', since: 100 });
  });

  it('keeps showing what was known while it is broken', () => {
    const state = after(telemetry(1, 1000), { type: 'disconnected', at: 100 });
    expect(stamps(state)).toEqual([1000]);
    expect(state.heardAt).toBe(1);
  });

  it('takes the clock of the controller from its greeting', () => {
    const state = after({ type: 'events', at: 1000, events: [{ kind: 'hello', now: 4000, controller: 'c' }] });
    expect(state.clockOffsetMs).toBe(3000);
  });
});

describe('rollouts', () => {
  it('are replaced by newer views of themselves', () => {
    const state = after(
      { type: 'events', at: 1, events: [{ kind: 'rollout', rollout: someRollout({ committed: 0 }) }] },
      { type: 'events', at: 2, events: [{ kind: 'rollout', rollout: someRollout({ committed: 1 }) }] },
    );
    expect([...state.rollouts.values()].map((each) => each.value.committed)).toEqual([1]);
  });

  it('are kept in a bounded number, the newest', () => {
    const events = Array.from({ length: maxRollouts + 5 }, (_, index) => ({ kind: 'rollout' as const, rollout: someRollout({ id: `r-${index}`, startedAt: index }) }));
    const state = after({ type: 'events', at: 1, events });
    expect(state.rollouts.size).toBe(maxRollouts);
    expect(state.rollouts.has('r-0')).toBe(false);
  });
});

it('changes no state that it was given', () => {
  const before = after(telemetry(0, 1000));
  const frozen = some.frozen(before);
  reduceFleet(frozen, telemetry(1, 500, 1500));
  expect(stamps(before)).toEqual([1000]);
});
