import type { DeviceView, FleetEvent, RolloutView, Sample } from '../contract/types';
import type { Arrivals } from './arrivals';
import type { Series } from './series';

/** State of the link to the controller; instants are this browser's clock, milliseconds. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly since: number }
  | { readonly kind: 'reconnecting'; readonly since: number };

/** A value and when this page received it. */
export interface Received<T> {
  readonly value: T;
  readonly at: number;
}

/** Everything the page shows, as one immutable value. */
export interface FleetState {
  readonly connection: Connection;
  /** When anything last arrived from the controller; null before the first. */
  readonly heardAt: number | null;
  /** Controller clock minus this browser's clock, milliseconds. */
  readonly clockOffsetMs: number;
  readonly controller: string | null;
  readonly devices: ReadonlyMap<string, Received<DeviceView>>;
  readonly rollouts: ReadonlyMap<string, Received<RolloutView>>;
  /** Least recently used first. */
  readonly series: ReadonlyMap<string, Series>;
  readonly arrivals: Arrivals;
  /** The device the operator chose; null while the first one is shown. */
  readonly chosen: string | null;
}

export const emptyFleet: FleetState = {
  connection: { kind: 'connecting' },
  heardAt: null,
  clockOffsetMs: 0,
  controller: null,
  devices: new Map(),
  rollouts: new Map(),
  series: new Map(),
  arrivals: [],
  chosen: null,
};

export type FleetAction =
  | { readonly type: 'events'; readonly events: readonly FleetEvent[]; readonly at: number }
  | {
      /** Answers to the requests made when a stream was opened. */
      readonly type: 'snapshot';
      readonly devices: readonly DeviceView[];
      readonly rollouts: readonly RolloutView[];
      readonly requestedAt: number;
      readonly at: number;
    }
  | { readonly type: 'history'; readonly device: string; readonly samples: readonly Sample[] }
  | { readonly type: 'disconnected'; readonly at: number }
  | { readonly type: 'chosen'; readonly device: string };
