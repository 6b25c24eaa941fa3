import type { RolloutView, Wave } from '../contract/types';
import { executionLook } from '../text/executions';
import { clock, span } from '../text/times';
import { ExecutionRow } from './ExecutionRow';
import { rolloutStateLabel } from './rolloutText';
import './rollout.css';

interface RolloutPanelProps {
  /** The one of most interest first. */
  readonly rollouts: readonly RolloutView[];
  /** Controller clock, milliseconds. */
  readonly now: number;
}

/** The current rollout, wave by wave, and how the ones before it ended. */
export function RolloutPanel({ rollouts, now }: RolloutPanelProps) {
  const [current, ...earlier] = rollouts;
  return (
    <section className="card rollout" aria-labelledby="rollout-title" data-testid="rollout">
      <div className="card-head">
        <h2 id="rollout-title">Rollout</h2>
        {current && (
          <span className={`state state-${current.state}`} data-testid="rollout-state">
            {rolloutStateLabel(current.state)}
          </span>
        )}
        {current && <span className="push small muted">{timing(current, now)}</span>}
      </div>
      {current ? (
        <div className="rollout-body">
          {current.waves.map((wave) => (
            <WaveRows key={wave.index} wave={wave} />
          ))}
          {earlier.length > 0 && <Earlier rollouts={earlier} />}
        </div>
      ) : (
        <p className="empty">
          <strong>No rollout yet.</strong>
          Sign a release with <code>./instantnet release</code>, then bring it to the devices with <code>./instantnet rollout</code>.
        </p>
      )}
    </section>
  );
}

function timing(rollout: RolloutView, now: number): string {
  if (rollout.startedAt === null) return '';
  return rollout.endedAt === null
    ? `started ${clock(rollout.startedAt)}, ${span(now - rollout.startedAt)}`
    : `${clock(rollout.startedAt)}, took ${span(rollout.endedAt - rollout.startedAt)}`;
}

function WaveRows({ wave }: { readonly wave: Wave }) {
  const looks = wave.devices.map((execution) => executionLook(execution.state, execution.pct).tone);
  const good = looks.filter((tone) => tone === 'good').length;
  const waiting = looks.every((tone) => tone === 'waiting');
  return (
    <div className="wave" data-testid={`wave-${wave.index}`}>
      <h3>
        Wave {wave.index + 1}
        <span>{waiting ? 'waiting' : `${good} of ${looks.length} committed`}</span>
      </h3>
      <ul>
        {wave.devices.map((execution) => (
          <ExecutionRow key={execution.device} execution={execution} />
        ))}
      </ul>
    </div>
  );
}

function Earlier({ rollouts }: { readonly rollouts: readonly RolloutView[] }) {
  return (
    <div className="wave">
      <h3>Earlier</h3>
      <ul>
        {rollouts.slice(0, 5).map((rollout) => (
          <li key={rollout.id} className="earlier">
            <span>{rollout.release}</span>
            <span className={`state state-${rollout.state}`}>{rolloutStateLabel(rollout.state)}</span>
            <span className="muted small">
              {rollout.committed} committed{rollout.failed > 0 && `, ${rollout.failed} failed`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
