/** The good path of an execution, in order. */
export const executionSteps = ['Queued', 'Accepted', 'Downloading', 'Verifying', 'Staged', 'Activating', 'Trial', 'Committed'] as const;

export type ExecutionTone = 'waiting' | 'working' | 'good' | 'bad';

/** How an execution state is shown. */
export interface ExecutionLook {
  readonly label: string;
  readonly tone: ExecutionTone;
  /** Steps of the good path behind it, 0..{@link executionSteps}.length. */
  readonly stepsDone: number;
}

const badEnds: Readonly<Record<string, { label: string; sentence: string }>> = {
  rejected: { label: 'Rejected', sentence: 'The device refused the release for good.' },
  failed: { label: 'Failed', sentence: 'The device could not finish; it may be tried again.' },
  timedout: { label: 'Timed out', sentence: 'The deadline passed before the device was done.' },
  cancelled: { label: 'Cancelled', sentence: 'The controller withdrew the job.' },
  rollingback: { label: 'Rolling back', sentence: 'The trial failed; the old release is being put back.' },
  rolledback: { label: 'Rolled back', sentence: 'The trial failed; the old release serves again.' },
  inconsistent: { label: 'Inconsistent', sentence: 'Neither release can serve: this device needs a person.' },
};

/** How to show a state by its wire name; names are compared without case. */
export function executionLook(state: string, pct: number | null): ExecutionLook {
  const name = state.toLowerCase();
  const bad = badEnds[name];
  if (bad) return { label: bad.label, tone: 'bad', stepsDone: 0 };
  const at = executionSteps.findIndex((step) => step.toLowerCase() === name);
  if (at === executionSteps.length - 1) return { label: 'Committed', tone: 'good', stepsDone: executionSteps.length };
  if (name === 'downloading' && pct !== null) return { label: `Downloading ${Math.round(pct)} %`, tone: 'working', stepsDone: at + pct / 100 };
  if (name === 'deferred') return { label: 'Deferred', tone: 'waiting', stepsDone: executionSteps.indexOf('Activating') };
  if (name === 'queued' || name === 'pending') return { label: 'Queued', tone: 'waiting', stepsDone: 0 };
  return { label: at < 0 ? state : executionSteps[at]!, tone: 'working', stepsDone: Math.max(0, at) };
}

/** One sentence on a bad end: the device's own, else what the state means; null for any other state. */
export function badEndSentence(state: string, detail: string | null): string | null {
  const bad = badEnds[state.toLowerCase()];
  return bad ? (detail ?? bad.sentence) : null;
}
