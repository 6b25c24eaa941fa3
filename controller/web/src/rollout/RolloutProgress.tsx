import type { RolloutView } from '../contract/types';
import { rolloutCounts, rolloutSize } from './rolloutText';
import './rollout.css';

/** Committed and failed devices as one bar, with the counts in words. */
export function RolloutProgress({ rollout }: { readonly rollout: RolloutView }) {
  const size = Math.max(1, rolloutSize(rollout));
  return (
    <div>
      <div
        className="progress"
        role="progressbar"
        aria-label={`Rollout of ${rollout.release}`}
        aria-valuemin={0}
        aria-valuemax={size}
        aria-valuenow={rollout.committed}
        aria-valuetext={rolloutCounts(rollout)}
        data-testid="rollout-progress"
      >
        <span className="progress-good" style={{ width: `${(100 * rollout.committed) / size}%` }} />
        <span className="progress-bad" style={{ width: `${(100 * rollout.failed) / size}%` }} />
      </div>
      <p className="small muted">{rolloutCounts(rollout)}</p>
    </div>
  );
}
