import type { FleetEvent } from '../contract/types';
import { countArrivals } from './arrivals';
import { insertSamples, type Series } from './series';
import type { FleetAction, FleetState, Received } from './state';

/** Devices whose samples are kept; choosing another one fetches its past again. */
export const maxSeries = 24;

/** Rollouts kept, the newest. */
export const maxRollouts = 20;

/** The next state. Pure: instants come with the action. */
export function reduceFleet(state: FleetState, action: FleetAction): FleetState {
  switch (action.type) {
    case 'events':
      return withEvents(state, action.events, action.at);
    case 'snapshot':
      return {
        ...state,
        connection: state.connection.kind === 'live' ? state.connection : { kind: 'live', since: action.at },
        heardAt: action.at,
        devices: merged(state.devices, action.devices, action.requestedAt),
        rollouts: newestRollouts(merged(state.rollouts, action.rollouts, action.requestedAt)),
      };
    case 'history':
      return { ...state, series: withSamples(state, [[action.device, action.samples]], true) };
    case 'disconnected':
      if (state.connection.kind === 'reconnecting') return state;
      return { ...state, connection: { kind: 'reconnecting', since: action.at }, arrivals: [] };
    case 'chosen':
      return { ...state, chosen: action.device };
  }
}

function withEvents(state: FleetState, events: readonly FleetEvent[], at: number): FleetState {
  if (events.length === 0) return state;
  const devices = new Map(state.devices);
  const rollouts = new Map(state.rollouts);
  const samples = new Map<string, FleetEventSample[]>();
  let { clockOffsetMs, controller } = state;
  let arrived = 0;
  for (const event of events) {
    switch (event.kind) {
      case 'hello':
        clockOffsetMs = event.now === null ? clockOffsetMs : event.now - at;
        controller = event.controller ?? controller;
        break;
      case 'device':
        devices.set(event.device.id, { value: event.device, at });
        break;
      case 'rollout':
        rollouts.set(event.rollout.id, { value: event.rollout, at });
        break;
      case 'telemetry':
        gather(samples, event.device, event.sample);
        arrived++;
        break;
    }
  }
  return {
    ...state,
    heardAt: at,
    clockOffsetMs,
    controller,
    devices,
    rollouts: newestRollouts(rollouts),
    series: withSamples(state, [...samples], false),
    arrivals: countArrivals(state.arrivals, at, arrived),
  };
}

function gather(samples: Map<string, FleetEventSample[]>, device: string, sample: FleetEventSample): void {
  const held = samples.get(device);
  if (held) held.push(sample);
  else samples.set(device, [sample]);
}

type FleetEventSample = Extract<FleetEvent, { kind: 'telemetry' }>['sample'];

/**
 * A snapshot replaces what is held, so that what the controller forgot disappears, except for what the stream
 * brought after the snapshot was asked for: that is as new or newer.
 */
function merged<T extends { readonly id: string }>(
  held: ReadonlyMap<string, Received<T>>,
  values: readonly T[],
  requestedAt: number,
): Map<string, Received<T>> {
  const next = new Map<string, Received<T>>();
  for (const value of values) next.set(value.id, { value, at: requestedAt });
  for (const [id, received] of held) {
    if (received.at >= requestedAt) next.set(id, received);
  }
  return next;
}

function newestRollouts<T extends { readonly startedAt: number | null }>(
  rollouts: ReadonlyMap<string, Received<T>>,
): ReadonlyMap<string, Received<T>> {
  if (rollouts.size <= maxRollouts) return rollouts;
  const newestFirst = [...rollouts].sort(([, a], [, b]) => (b.value.startedAt ?? 0) - (a.value.startedAt ?? 0));
  return new Map(newestFirst.slice(0, maxRollouts));
}

function withSamples(
  state: FleetState,
  arrived: readonly (readonly [string, readonly FleetEventSample[]])[],
  history: boolean,
): ReadonlyMap<string, Series> {
  if (arrived.length === 0) return state.series;
  const series = new Map(state.series);
  for (const [device, samples] of arrived) {
    const next = insertSamples(series.get(device) ?? [], samples, history);
    series.delete(device);
    series.set(device, next);
  }
  for (const device of series.keys()) {
    if (series.size <= maxSeries) break;
    if (device !== state.chosen) series.delete(device);
  }
  return series;
}
