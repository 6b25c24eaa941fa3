import type { TimelineSample } from '../fleet/series';
import { PrecisionChip } from '../precision/PrecisionChip';
import { energy, latency, percent } from '../text/figures';
import { SourceTag } from '../text/SourceTag';
import { clock } from '../text/times';

/** The figures of one telemetry window: the pointed one, else the newest. */
export function Readout({ sample, pointed }: { readonly sample: TimelineSample | null; readonly pointed: boolean }) {
  if (sample === null) return <p className="readout muted">No samples yet.</p>;
  return (
    <dl className="readout" data-testid="readout" data-pointed={pointed}>
      <div>
        <dt>{pointed ? 'At' : 'Latest'}</dt>
        <dd>
          {clock(sample.ts)}
          {sample.late && ' (late)'}
        </dd>
      </div>
      <div>
        <dt>Precision</dt>
        <dd>
          <PrecisionChip bits={sample.bits} /> <span className="source">{sample.reason}</span>
        </dd>
      </div>
      <div>
        <dt>Battery</dt>
        <dd>
          {percent(sample.batteryPct, 1)} {sample.charging && <span className="source">charging</span>}
        </dd>
      </div>
      <div>
        <dt>Latency p95</dt>
        <dd>
          {latency(sample.latencyP95Ms)} <SourceTag source={sample.latencySource} />
        </dd>
      </div>
      <div>
        <dt>Energy per frame</dt>
        <dd>
          {energy(sample.energyMj)} <SourceTag source={sample.energySource} /> {sample.meter !== null && <span className="source">{sample.meter}</span>}
        </dd>
      </div>
      <div>
        <dt>Frames</dt>
        <dd>
          {sample.frames}
          {sample.correct !== null && <span className="source"> {sample.correct} right</span>}
        </dd>
      </div>
    </dl>
  );
}
