// Values for tests in which only what a test names matters.
import type { DeviceView, RolloutView } from './contract/types';
import type { TimelineSample } from './fleet/series';

export function someSample(change: Partial<TimelineSample> = {}): TimelineSample {
  return {
    ts: 0, windowMs: 500, release: 'net-1', bits: 32, reason: 'battery', switches: 0, frames: 10, correct: null, latencyP50Ms: 1,
    latencyP95Ms: 2, latencySource: 'measured', energyMj: 1, energySource: 'modelled', meter: null, batteryPct: 80, charging: false, late: false, ...change,
  };
}

export function someDevice(change: Partial<DeviceView> = {}): DeviceView {
  return {
    id: 'edge-01', deviceClass: 'edge', online: true, lastSeen: 0, agent: null, release: null, bits: 32, reason: null, since: null, switches: 0,
    batteryPct: null, charging: false, latencyP95Ms: null, latencySource: null, energyMj: null, energySource: null, powerMw: null, framesTotal: null,
    droppedTotal: null, accuracy: null, offered: [], measured: [], desiredVersion: null, reportedVersion: null, policyFaults: [], alarms: [], execution: null,
    samplesStored: null, duplicates: null, ...change,
  };
}

export function someRollout(change: Partial<RolloutView> = {}): RolloutView {
  return { id: 'r-1', release: 'net-1', state: 'running', reason: null, startedAt: 0, endedAt: null, waves: [], committed: 0, failed: 0, pending: 1, ...change };
}

export const some = {
  /** The same value, every object of it frozen. */
  frozen<T>(value: T): T {
    if (typeof value === 'object' && value !== null) {
      Object.freeze(value);
      const inner: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
      for (const each of inner) some.frozen(each);
    }
    return value;
  },
};
