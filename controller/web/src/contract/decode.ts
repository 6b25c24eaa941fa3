import { each, fieldsOf, flag, instant, list, number, text, type Fields } from './fields';
import type { DeviceView, Execution, MeasuredVariant, MeterSource, RolloutState, RolloutView, Sample, Wave } from './types';

const sources: readonly MeterSource[] = ['measured', 'modelled', 'estimated'];
const rolloutStates: readonly RolloutState[] = ['running', 'completed', 'failed', 'cancelled'];

function source(from: Fields, name: string): MeterSource {
  const said = text(from, name)?.toLowerCase();
  return sources.find((known) => known === said) ?? 'unknown';
}

function decodeVariant(value: unknown): MeasuredVariant | null {
  const from = fieldsOf(value);
  if (from === null) return null;
  const bits = number(from, 'bits');
  const latencyMs = number(from, 'latencyMs');
  const energyMj = number(from, 'energyMj');
  if (bits === null || latencyMs === null || energyMj === null) return null;
  return { bits, latencyMs, energyMj, latencySource: source(from, 'latencySource'), energySource: source(from, 'energySource') };
}

function decodeExecution(value: unknown, device: string | null): Execution | null {
  const from = fieldsOf(value);
  if (from === null) return null;
  const id = text(from, 'device') ?? device;
  const state = text(from, 'state');
  if (id === null || state === null) return null;
  return { device: id, state, pct: number(from, 'pct'), code: text(from, 'code'), detail: text(from, 'detail'), ms: number(from, 'ms') };
}

function decodeAlarm(value: unknown): string | null {
  const from = fieldsOf(value);
  return from === null ? null : (text(from, 'text') ?? text(from, 'key'));
}

/** A device as the controller sees it; null when even its id is missing. */
export function decodeDevice(value: unknown): DeviceView | null {
  const from = fieldsOf(value);
  if (from === null) return null;
  const id = text(from, 'id');
  if (id === null) return null;
  return {
    id,
    deviceClass: text(from, 'deviceClass') ?? 'unknown class',
    online: flag(from, 'online'),
    lastSeen: instant(from, 'lastSeen'),
    agent: text(from, 'agent'),
    release: text(from, 'release'),
    bits: number(from, 'bits'),
    reason: text(from, 'reason'),
    since: instant(from, 'since'),
    switches: number(from, 'switches'),
    batteryPct: number(from, 'batteryPct'),
    charging: flag(from, 'charging'),
    latencyP95Ms: number(from, 'latencyP95Ms'),
    latencySource: text(from, 'latencySource') === null ? null : source(from, 'latencySource'),
    energyMj: number(from, 'energyMj'),
    energySource: text(from, 'energySource') === null ? null : source(from, 'energySource'),
    powerMw: number(from, 'powerMw'),
    framesTotal: number(from, 'framesTotal'),
    droppedTotal: number(from, 'droppedTotal'),
    accuracy: number(from, 'accuracy'),
    offered: each(list(from, 'offered'), (bits) => (typeof bits === 'number' ? bits : null)),
    measured: each(list(from, 'measured'), decodeVariant),
    desiredVersion: number(from, 'desiredVersion'),
    reportedVersion: number(from, 'reportedVersion'),
    policyFaults: each(list(from, 'policyFaults'), (fault) => (typeof fault === 'string' ? fault : null)),
    alarms: each(list(from, 'alarms'), decodeAlarm),
    execution: decodeExecution(from['execution'], id),
    samplesStored: number(from, 'samplesStored'),
    duplicates: number(from, 'duplicates'),
  };
}

/** One telemetry window; null without an instant or a precision, for then it has no place on a time line. */
export function decodeSample(value: unknown): Sample | null {
  const from = fieldsOf(value);
  if (from === null) return null;
  const ts = instant(from, 'ts');
  const bits = number(from, 'bits');
  if (ts === null || bits === null) return null;
  return {
    ts,
    windowMs: number(from, 'windowMs') ?? 0,
    release: text(from, 'release'),
    bits,
    reason: text(from, 'reason') ?? 'unknown',
    switches: number(from, 'switches') ?? 0,
    frames: number(from, 'frames') ?? 0,
    correct: number(from, 'correct'),
    latencyP50Ms: number(from, 'latencyP50Ms'),
    latencyP95Ms: number(from, 'latencyP95Ms'),
    latencySource: source(from, 'latencySource'),
    energyMj: number(from, 'energyMj'),
    energySource: source(from, 'energySource'),
    meter: text(from, 'meter'),
    batteryPct: number(from, 'batteryPct'),
    charging: flag(from, 'charging'),
  };
}

function decodeWave(value: unknown): Wave | null {
  const from = fieldsOf(value);
  if (from === null) return null;
  return { index: number(from, 'index') ?? 0, devices: each(list(from, 'devices'), (entry) => decodeExecution(entry, null)) };
}

export function decodeRollout(value: unknown): RolloutView | null {
  const from = fieldsOf(value);
  if (from === null) return null;
  const id = text(from, 'id');
  if (id === null) return null;
  const said = text(from, 'state')?.toLowerCase();
  return {
    id,
    release: text(from, 'release') ?? 'unknown release',
    state: rolloutStates.find((known) => known === said) ?? 'unknown',
    reason: text(from, 'reason'),
    startedAt: instant(from, 'startedAt'),
    endedAt: instant(from, 'endedAt'),
    waves: each(list(from, 'waves'), decodeWave).sort((a, b) => a.index - b.index),
    committed: number(from, 'committed') ?? 0,
    failed: number(from, 'failed') ?? 0,
    pending: number(from, 'pending') ?? 0,
  };
}
