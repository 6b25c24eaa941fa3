import { decodeDevice, decodeRollout, decodeSample } from './decode';
import { fieldsOf, instant, text } from './fields';
import type { FleetEvent } from './types';

/** Names of the events on the stream. */
export const eventNames = ['hello', 'device', 'telemetry', 'rollout'] as const;

/**
 * One event of the stream as a value.
 * @param name The event's name.
 * @param data Its data, JSON text.
 * @returns Null for a name this page does not know or data it cannot read: a newer controller must not break it.
 */
export function readEvent(name: string, data: string): FleetEvent | null {
  const value = parsed(data);
  const from = fieldsOf(value);
  if (from === null) return null;
  switch (name) {
    case 'hello':
      return { kind: 'hello', now: instant(from, 'now'), controller: text(from, 'controller') };
    case 'device': {
      const device = decodeDevice(value);
      return device && { kind: 'device', device };
    }
    case 'telemetry': {
      const device = text(from, 'device');
      const sample = decodeSample(from['sample']);
      return device !== null && sample !== null ? { kind: 'telemetry', device, sample } : null;
    }
    case 'rollout': {
      const rollout = decodeRollout(value);
      return rollout && { kind: 'rollout', rollout };
    }
    default:
      return null;
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
