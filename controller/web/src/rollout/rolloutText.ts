import type { RolloutState, RolloutView } from '../contract/types';

const labels: Readonly<Record<RolloutState, string>> = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  unknown: 'State unknown',
};

export function rolloutStateLabel(state: RolloutState): string {
  return labels[state];
}

/** Devices a rollout is for. */
export function rolloutSize(rollout: RolloutView): number {
  const inWaves = rollout.waves.reduce((sum, wave) => sum + wave.devices.length, 0);
  return Math.max(inWaves, rollout.committed + rollout.failed + rollout.pending);
}

/** How far it is, in one phrase. */
export function rolloutCounts(rollout: RolloutView): string {
  const parts = [`${rollout.committed} of ${rolloutSize(rollout)} committed`];
  if (rollout.failed > 0) parts.push(`${rollout.failed} failed`);
  if (rollout.pending > 0) parts.push(`${rollout.pending} to go`);
  return parts.join(' · ');
}
