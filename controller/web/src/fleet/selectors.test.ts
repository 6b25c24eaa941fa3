import { expect, it } from 'vitest';
import { someDevice, someRollout } from '../some.test-data';
import { devicesById, precisionMix, rolloutsByInterest, shownDevice } from './selectors';
import { emptyFleet } from './state';

const received = <T extends { id: string }>(...values: T[]) => new Map(values.map((value) => [value.id, { value, at: 0 }]));

it('lists devices by id with numbers in their order', () => {
  const devices = received(someDevice({ id: 'edge-10' }), someDevice({ id: 'edge-2' }), someDevice({ id: 'cpu-1' }));
  expect(devicesById(devices).map((device) => device.id)).toEqual(['cpu-1', 'edge-2', 'edge-10']);
});

it('shows the chosen device, and the first one while the chosen is not there', () => {
  const devices = [someDevice({ id: 'a' }), someDevice({ id: 'b' })];
  expect(shownDevice({ ...emptyFleet, chosen: 'b' }, devices)?.id).toBe('b');
  expect(shownDevice({ ...emptyFleet, chosen: 'gone' }, devices)?.id).toBe('a');
  expect(shownDevice(emptyFleet, [])).toBeNull();
});

it('counts only online devices that serve in the precision mix', () => {
  const devices = [someDevice({ bits: 8 }), someDevice({ bits: 8 }), someDevice({ bits: 32 }), someDevice({ bits: 4, online: false }), someDevice({ bits: null })];
  expect(precisionMix(devices)).toEqual([
    { bits: 32, devices: 1 },
    { bits: 8, devices: 2 },
  ]);
});

it('puts a running rollout before a newer finished one', () => {
  const state = { ...emptyFleet, rollouts: received(someRollout({ id: 'done', state: 'completed', startedAt: 9 }), someRollout({ id: 'runs', startedAt: 1 })) };
  expect(rolloutsByInterest(state).map((rollout) => rollout.id)).toEqual(['runs', 'done']);
});
