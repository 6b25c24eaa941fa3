// What the controller's REST interface and event stream say, after decoding: every instant is milliseconds since
// 1970 UTC, everything the controller may leave out is null.

/** Where a figure comes from. `unknown` is a source this page was not built to know. */
export type MeterSource = 'measured' | 'modelled' | 'estimated' | 'unknown';

/** Where the execution of a release stands on one device. */
export interface Execution {
  readonly device: string;
  readonly state: string;
  /** Progress of the download, 0..100; null outside it. */
  readonly pct: number | null;
  /** Reason of a bad end, for example `BadSignature`. */
  readonly code: string | null;
  readonly detail: string | null;
  /** Since the device accepted the job, milliseconds. */
  readonly ms: number | null;
}

/** Cost of one resident variant as found on the device. */
export interface MeasuredVariant {
  readonly bits: number;
  readonly latencyMs: number;
  readonly energyMj: number;
  readonly latencySource: MeterSource;
  readonly energySource: MeterSource;
}

export interface DeviceView {
  readonly id: string;
  readonly deviceClass: string;
  readonly online: boolean;
  readonly lastSeen: number | null;
  readonly agent: string | null;
  readonly release: string | null;
  readonly bits: number | null;
  readonly reason: string | null;
  readonly since: number | null;
  readonly switches: number | null;
  readonly batteryPct: number | null;
  readonly charging: boolean;
  readonly latencyP95Ms: number | null;
  readonly latencySource: MeterSource | null;
  readonly energyMj: number | null;
  readonly energySource: MeterSource | null;
  readonly powerMw: number | null;
  readonly framesTotal: number | null;
  readonly droppedTotal: number | null;
  /** Share of right answers in the recent windows, 0..1. */
  readonly accuracy: number | null;
  readonly offered: readonly number[];
  readonly measured: readonly MeasuredVariant[];
  readonly desiredVersion: number | null;
  readonly reportedVersion: number | null;
  readonly policyFaults: readonly string[];
  /** Open alarms, one sentence each. */
  readonly alarms: readonly string[];
  readonly execution: Execution | null;
  readonly samplesStored: number | null;
  readonly duplicates: number | null;
}

/** One telemetry window of one device. */
export interface Sample {
  /** End of the window, device clock. */
  readonly ts: number;
  readonly windowMs: number;
  readonly release: string | null;
  readonly bits: number;
  readonly reason: string;
  /** Precision changes since the agent started. */
  readonly switches: number;
  readonly frames: number;
  readonly correct: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly latencySource: MeterSource;
  readonly energyMj: number | null;
  readonly energySource: MeterSource;
  /** Name of the energy meter; null from agents that did not tell. */
  readonly meter: string | null;
  readonly batteryPct: number | null;
  readonly charging: boolean;
}

export type RolloutState = 'running' | 'completed' | 'failed' | 'cancelled' | 'unknown';

export interface Wave {
  readonly index: number;
  readonly devices: readonly Execution[];
}

export interface RolloutView {
  readonly id: string;
  readonly release: string;
  readonly state: RolloutState;
  /** Why it failed or was cancelled; else null. */
  readonly reason: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly waves: readonly Wave[];
  readonly committed: number;
  readonly failed: number;
  readonly pending: number;
}

/** What arrives on the event stream. */
export type FleetEvent =
  | { readonly kind: 'hello'; readonly now: number | null; readonly controller: string | null }
  | { readonly kind: 'device'; readonly device: DeviceView }
  | { readonly kind: 'telemetry'; readonly device: string; readonly sample: Sample }
  | { readonly kind: 'rollout'; readonly rollout: RolloutView };
