// Every address of the controller that this page uses; relative, so that the page may be served below a path.

export const streamAddress = 'api/v1/stream';
export const devicesAddress = 'api/v1/devices';
export const rolloutsAddress = 'api/v1/rollouts';
export const healthAddress = 'healthz';

/** Samples of one device from an instant on, at most `max` of them. */
export function telemetryAddress(device: string, from: number, max: number): string {
  return `api/v1/devices/${encodeURIComponent(device)}/telemetry?from=${encodeURIComponent(new Date(from).toISOString())}&max=${max}`;
}
