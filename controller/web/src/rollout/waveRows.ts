import type { Execution } from '../contract/types';
import { executionLook, type ExecutionTone } from '../text/executions';

/** Most rows of a wave that are drawn; a wave may have ten thousand devices. */
export const maxWaveRows = 25;

/** What a wave shows: its rows, and in numbers what they leave out. */
export interface WaveRows {
  readonly rows: readonly Execution[];
  readonly hidden: number;
  readonly counts: Readonly<Record<ExecutionTone, number>>;
  /** No device has begun. */
  readonly waiting: boolean;
}

const interest: Readonly<Record<ExecutionTone, number>> = { bad: 0, working: 1, waiting: 2, good: 3 };

/** All rows of a small wave as they come; of a large one those that need a person first, then those that move. */
export function waveRows(executions: readonly Execution[]): WaveRows {
  const counts = { bad: 0, working: 0, waiting: 0, good: 0 };
  const toned = executions.map((execution) => {
    const { tone } = executionLook(execution.state, execution.pct);
    counts[tone]++;
    return { execution, tone };
  });
  if (toned.length > maxWaveRows) toned.sort((a, b) => interest[a.tone] - interest[b.tone]);
  return {
    rows: toned.slice(0, maxWaveRows).map((each) => each.execution),
    hidden: Math.max(0, toned.length - maxWaveRows),
    counts,
    waiting: counts.waiting === executions.length,
  };
}
