import type { DeviceView, RolloutView } from '../contract/types';
import type { FleetState } from './state';

/** All devices by id. */
export function devicesById(devices: FleetState['devices']): readonly DeviceView[] {
  return [...devices.values()].map((received) => received.value).sort((a, b) => compareIds(a.id, b.id));
}

/** The device shown in detail: the chosen one, else the first; null while there is none. */
export function shownDevice(state: FleetState, devices: readonly DeviceView[]): DeviceView | null {
  return devices.find((device) => device.id === state.chosen) ?? devices[0] ?? null;
}

/** Rollouts, running ones first, then the newest. */
export function rolloutsByInterest(state: FleetState): readonly RolloutView[] {
  return [...state.rollouts.values()]
    .map((received) => received.value)
    .sort((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || (b.startedAt ?? 0) - (a.startedAt ?? 0));
}

/** One precision and how many online devices run at it. */
export interface MixEntry {
  readonly bits: number;
  readonly devices: number;
}

/** How many online devices run at each precision, the highest first. */
export function precisionMix(devices: readonly DeviceView[]): readonly MixEntry[] {
  const counts = new Map<number, number>();
  for (const device of devices) {
    if (device.online && device.bits !== null) counts.set(device.bits, (counts.get(device.bits) ?? 0) + 1);
  }
  return [...counts].map(([bits, count]) => ({ bits, devices: count })).sort((a, b) => b.bits - a.bits);
}

const idOrder = new Intl.Collator('en', { numeric: true });

function compareIds(a: string, b: string): number {
  return idOrder.compare(a, b);
}
