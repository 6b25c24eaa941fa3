// A fleet whose every figure follows from the number of the window: what the scripted controller tells the page.

export const windowMs = 500;
export const release = 'fmnist-mobile-1';

/** Cost per frame of each precision on the device classes of the script: [p95 latency ms, energy mJ]. */
const costs = {
  'eyeriss-168': { 32: [9.4, 1.82], 8: [3.1, 0.236], 4: [1.9, 0.094] },
  'edge-256': { 32: [6.8, 2.41], 8: [2.3, 0.402], 4: [1.6, 0.171] },
  'cpu-avx512': { 32: [4.2, 61], 8: [1.7, 24], 4: [1.7, 24] },
};

export const deviceIds = ['cpu-01', 'edge-01', 'eyeriss-01'];

const fleet = {
  'eyeriss-01': { deviceClass: 'eyeriss-168', startPct: 100, perWindow: -0.55, latencySource: 'modelled', energySource: 'modelled', offered: [4, 8, 32] },
  'edge-01': { deviceClass: 'edge-256', startPct: 74, perWindow: -0.35, latencySource: 'modelled', energySource: 'modelled', offered: [4, 8, 32] },
  'cpu-01': { deviceClass: 'cpu-avx512', startPct: null, perWindow: 0, latencySource: 'measured', energySource: 'estimated', offered: [8, 32] },
};

/** Battery in percent: drains to 8 %, is charged to the full at twice the speed, drains again. */
function battery({ startPct, perWindow }, window) {
  if (startPct === null) return { pct: null, charging: false };
  const drain = (100 - 8) / -perWindow;
  const charge = drain / 2;
  const at = (window + (100 - startPct) / -perWindow) % (drain + charge);
  return at < drain ? { pct: 100 + at * perWindow, charging: false } : { pct: 8 + ((at - drain) / charge) * 92, charging: true };
}

/** The default policy: 8 bits below half a battery, 4 below a fifth, three points of hysteresis on the way up. */
function precision({ pct, charging }) {
  if (pct === null) return 32;
  const up = charging ? 3 : 0;
  return pct < 20 + up ? 4 : pct < 50 + up ? 8 : 32;
}

/** Between -1 and 1, the same for the same window. */
function wobble(window, seed) {
  return Math.sin(window * 12.9898 + seed * 78.233) * 0.6 + Math.sin(window * 4.1 + seed) * 0.4;
}

/** Telemetry of window `window` (from 0), which ended at `ts` (milliseconds). */
export function sampleAt(id, window, ts) {
  const device = fleet[id];
  const charge = battery(device, window);
  const bits = precision(charge);
  const [latency, energy] = costs[device.deviceClass][bits];
  const jitter = wobble(window, id.length);
  return {
    ts: new Date(ts).toISOString(),
    windowMs,
    release,
    bits,
    reason: device.startPct === null ? 'start' : 'battery',
    switches: switchesUntil(device, window),
    frames: 10,
    framesTotal: 10 * (window + 1),
    droppedTotal: id === 'cpu-01' ? 3 : 0,
    correct: bits === 4 ? 8 : 9,
    latencyP50Ms: latency * 0.8,
    latencyP95Ms: Number((latency * (1 + 0.06 * jitter)).toFixed(3)),
    latencySource: device.latencySource,
    energyMj: Number((energy * (1 + 0.02 * jitter)).toFixed(4)),
    energySource: device.energySource,
    batteryPct: charge.pct === null ? undefined : Number(charge.pct.toFixed(2)),
    charging: charge.charging,
    powerMw: 20 * energy + 150,
    confidence: 0.9,
    rssMb: 62,
  };
}

function switchesUntil(device, window) {
  let switches = 0;
  for (let each = 1; each <= window; each++) {
    if (precision(battery(device, each)) !== precision(battery(device, each - 1))) switches++;
  }
  return switches;
}

/** The controller's view of a device after a window that ended at `ts`. */
export function viewAt(id, window, ts) {
  const device = fleet[id];
  const sample = sampleAt(id, window, ts);
  let since = window;
  while (since > 0 && precision(battery(device, since - 1)) === sample.bits) since--;
  return {
    id,
    deviceClass: device.deviceClass,
    online: true,
    lastSeen: sample.ts,
    agent: '1.0.0',
    release,
    bits: sample.bits,
    reason: since === 0 ? 'start' : sample.reason,
    since: new Date(ts - (window - since) * windowMs).toISOString(),
    switches: sample.switches,
    batteryPct: sample.batteryPct,
    charging: sample.charging,
    latencyP95Ms: sample.latencyP95Ms,
    latencySource: sample.latencySource,
    energyMj: sample.energyMj,
    energySource: sample.energySource,
    powerMw: sample.powerMw,
    framesTotal: sample.framesTotal,
    droppedTotal: sample.droppedTotal,
    accuracy: sample.bits === 4 ? 0.842 : sample.bits === 8 ? 0.891 : 0.897,
    offered: device.offered,
    measured: device.offered.map((bits) => ({
      bits,
      latencyMs: costs[device.deviceClass][bits][0],
      energyMj: costs[device.deviceClass][bits][1],
      latencySource: device.latencySource,
      energySource: device.energySource,
    })),
    desiredVersion: 1,
    reportedVersion: 1,
    policyFaults: [],
    alarms: [],
    samplesStored: window + 1,
    duplicates: 0,
  };
}

/** A rollout in two waves, the first committed, the second queued, but for the executions given by device. */
export function rolloutWith(states, state = 'running', startedAt = Date.now() - 12_000) {
  const execution = (device, fallback) => ({ device, ms: 4200, ...fallback, ...states[device] });
  const waves = [
    { index: 0, devices: [execution('cpu-01', { state: 'Committed' })] },
    { index: 1, devices: [execution('edge-01', { state: 'Queued', ms: undefined }), execution('eyeriss-01', { state: 'Queued', ms: undefined })] },
  ];
  const all = waves.flatMap((wave) => wave.devices);
  const committed = all.filter((each) => each.state === 'Committed').length;
  const failed = all.filter((each) => ['Rejected', 'Failed', 'TimedOut', 'RolledBack'].includes(each.state)).length;
  return {
    id: 'r-1',
    release,
    state,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: state === 'running' ? undefined : new Date(startedAt + 9000).toISOString(),
    waves,
    committed,
    failed,
    pending: all.length - committed - failed,
  };
}
