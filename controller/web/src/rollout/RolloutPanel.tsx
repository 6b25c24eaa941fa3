import type { RolloutView, Wave } from '../contract/types';
import { count } from '../text/figures';
import { clock, span } from '../text/times';
import { ExecutionRow } from './ExecutionRow';
import { rolloutStateLabel } from './rolloutText';
import { waveRows } from './waveRows';
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
          {current.reason !== null && <p className="rollout-why">{current.reason}</p>}
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
  const { rows, hidden, counts, waiting } = waveRows(wave.devices);
  return (
    <div className="wave" data-testid={`wave-${wave.index}`}>
      <h3>
        Wave {wave.index + 1}
        <span>{waiting ? 'waiting' : `${count(counts.good)} of ${count(wave.devices.length)} committed`}</span>
      </h3>
      <ul>
        {rows.map((execution) => (
          <ExecutionRow key={execution.device} execution={execution} />
        ))}
      </ul>
      {hidden > 0 && (
        <p className="wave-more">
          and {count(hidden)} more: {count(counts.bad)} ended badly, {count(counts.working)} at work, {count(counts.waiting)} waiting in the whole wave
        </p>
      )}
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
