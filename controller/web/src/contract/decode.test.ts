import { describe, expect, it } from 'vitest';
import { decodeDevice, decodeRollout, decodeSample } from './decode';
import { readEvent } from './events';

const wireSample = { ts: '2026-03-01T10:00:00.5+00:00', windowMs: 500, bits: 8, reason: 'battery', switches: 2, frames: 10, latencyP95Ms: 2.5, latencySource: 'modelled', energyMj: 0.2, energySource: 'measured', charging: false };

describe('a sample', () => {
  it('is read with its instant in milliseconds and what is left out as null', () => {
    const sample = decodeSample(wireSample)!;
    expect(sample.ts).toBe(Date.UTC(2026, 2, 1, 10, 0, 0, 500));
    expect([sample.batteryPct, sample.correct]).toEqual([null, null]);
    expect([sample.latencySource, sample.energySource, sample.meter]).toEqual(['modelled', 'measured', null]);
    expect(decodeSample({ ...wireSample, meter: 'hwmon:VDD_IN' })!.meter).toBe('hwmon:VDD_IN');
  });

  it.each([[{ ...wireSample, ts: 'yesterday' }], [{ ...wireSample, bits: '8' }], [null], ['text'], [[]]])('is refused without an instant or a precision: %j', (value) => {
    expect(decodeSample(value)).toBeNull();
  });

  it('of an unknown source says so instead of claiming a known one', () => {
    expect(decodeSample({ ...wireSample, energySource: 'divined' })!.energySource).toBe('unknown');
  });
});

describe('a device', () => {
  it('is read from the least a controller says', () => {
    expect(decodeDevice({ id: 'cpu-01', deviceClass: 'cpu' })).toMatchObject({ id: 'cpu-01', online: false, bits: null, batteryPct: null, offered: [], execution: null });
  });

  it('keeps a zero apart from what is missing', () => {
    expect(decodeDevice({ id: 'a', batteryPct: 0, droppedTotal: 0 })).toMatchObject({ batteryPct: 0, droppedTotal: 0, framesTotal: null });
  });

  it('has its open alarms as sentences', () => {
    expect(decodeDevice({ id: 'a', alarms: [{ key: 'spool-full', text: 'The spool is full.' }, { key: 'hot' }, 7] })!.alarms).toEqual(['The spool is full.', 'hot']);
  });

  it('leaves out variants that say no cost', () => {
    const measured = [{ bits: 8, latencyMs: 1, energyMj: 2, latencySource: 'measured', energySource: 'modelled' }, { bits: 4 }, null];
    expect(decodeDevice({ id: 'a', measured })!.measured.map((variant) => variant.bits)).toEqual([8]);
  });
});

it('a rollout has its waves in order and a state it does not know called unknown', () => {
  const rollout = decodeRollout({ id: 'r', state: 'paused', waves: [{ index: 1, devices: [] }, { index: 0, devices: [{ device: 'a', state: 'Downloading', pct: 40 }] }] })!;
  expect(rollout.state).toBe('unknown');
  expect(rollout.waves.map((wave) => wave.index)).toEqual([0, 1]);
  expect(rollout.waves[0]!.devices[0]).toMatchObject({ device: 'a', state: 'Downloading', pct: 40, code: null });
});

describe('an event', () => {
  it('of telemetry carries the device and its sample', () => {
    expect(readEvent('telemetry', JSON.stringify({ device: 'a', sample: wireSample }))).toMatchObject({ kind: 'telemetry', device: 'a', sample: { bits: 8 } });
  });

  it.each([['telemetry', '{"device":"a"}'], ['device', '{}'], ['device', 'not json'], ['rollout', '[]'], ['weather', '{}']])('that cannot be read is skipped: %s %s', (name, data) => {
    expect(readEvent(name, data)).toBeNull();
  });
});
