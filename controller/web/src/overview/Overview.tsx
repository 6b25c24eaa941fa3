import type { DeviceView, RolloutView } from '../contract/types';
import { precisionMix } from '../fleet/selectors';
import { precisionColour } from '../precision/palette';
import { PrecisionLegend } from '../precision/PrecisionLegend';
import { RolloutProgress } from '../rollout/RolloutProgress';
import { rolloutStateLabel } from '../rollout/rolloutText';
import { dash, rate } from '../text/figures';
import './overview.css';

interface OverviewProps {
  readonly devices: readonly DeviceView[];
  readonly rollout: RolloutView | null;
  /** Telemetry samples a second; null while nothing can arrive. */
  readonly samplesPerSecond: number | null;
}

/** The fleet in four figures. */
export function Overview({ devices, rollout, samplesPerSecond }: OverviewProps) {
  const online = devices.filter((device) => device.online).length;
  return (
    <section className="overview" aria-label="Fleet summary">
      <div className="card tile">
        <h2 className="tile-name">Devices online</h2>
        <p className="tile-figure" data-testid="devices-online">
          {online}
          <span className="tile-of"> / {devices.length}</span>
        </p>
        <p className="small muted">{offlineSentence(devices.length, online)}</p>
      </div>
      <div className="card tile">
        <h2 className="tile-name">Telemetry</h2>
        <p className="tile-figure" data-testid="samples-rate">
          {samplesPerSecond === null ? dash : rate(samplesPerSecond)}
          <span className="tile-of"> samples/s</span>
        </p>
        <p className="small muted">arriving here, mean of 5 s</p>
      </div>
      <div className="card tile">
        <h2 className="tile-name">Precision in use</h2>
        <PrecisionMix devices={devices} />
      </div>
      <div className="card tile">
        <h2 className="tile-name">Current rollout</h2>
        {rollout === null ? (
          <p className="muted">None yet</p>
        ) : (
          <>
            <p className="tile-line">
              <strong>{rollout.release}</strong>
              <span className={`state state-${rollout.state}`}>{rolloutStateLabel(rollout.state)}</span>
            </p>
            <RolloutProgress rollout={rollout} />
          </>
        )}
      </div>
    </section>
  );
}

function offlineSentence(total: number, online: number): string {
  if (total === 0) return 'none has reported yet';
  return online === total ? 'all reachable' : `${total - online} offline`;
}

function PrecisionMix({ devices }: { readonly devices: readonly DeviceView[] }) {
  const mix = precisionMix(devices);
  if (mix.length === 0) return <p className="muted">No online device has a release</p>;
  const sentence = mix.map((entry) => `${entry.devices} at ${entry.bits} bit`).join(', ');
  return (
    <>
      <div className="mix" role="img" aria-label={sentence} data-testid="precision-mix">
        {mix.map((entry) => (
          <span key={entry.bits} title={`${entry.devices} at ${entry.bits} bit`} style={{ flexGrow: entry.devices, background: precisionColour(entry.bits) }} />
        ))}
      </div>
      <PrecisionLegend bits={[32, 16, 8, 4, ...mix.map((entry) => entry.bits)]} />
    </>
  );
}
