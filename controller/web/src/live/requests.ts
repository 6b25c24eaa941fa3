import { devicesAddress, healthAddress, rolloutsAddress, telemetryAddress } from '../contract/addresses';
import { decodeDevice, decodeRollout, decodeSample } from '../contract/decode';
import { each, fieldsOf, list } from '../contract/fields';
import type { DeviceView, RolloutView, Sample } from '../contract/types';

/** Longest wait for an answer, milliseconds. */
const answerWithinMs = 8000;

async function get(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]), cache: 'no-store' });
  if (!response.ok) throw new Error(`The controller answered ${response.status} to ${address}.`);
  return response.json();
}

function entries(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Everything but telemetry, as it stands now. Rejects when the controller cannot say. */
export async function fetchSnapshot(signal: AbortSignal): Promise<{ devices: DeviceView[]; rollouts: RolloutView[] }> {
  const [devices, rollouts] = await Promise.all([get(devicesAddress, signal), get(rolloutsAddress, signal)]);
  return { devices: each(entries(devices), decodeDevice), rollouts: each(entries(rollouts), decodeRollout) };
}

/** Samples of a device from an instant on. Rejects when the controller cannot say. */
export async function fetchHistory(device: string, from: number, max: number, signal: AbortSignal): Promise<Sample[]> {
  const answer = fieldsOf(await get(telemetryAddress(device, from, max), signal));
  return answer === null ? [] : each(list(answer, 'samples'), decodeSample);
}

/** Rejects when nobody answers; an unhealthy controller that says so is there. */
export async function probeController(signal: AbortSignal): Promise<void> {
  await fetch(healthAddress, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]), cache: 'no-store' });
}
