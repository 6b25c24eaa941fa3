import type { DeviceView } from '../contract/types';
import { PrecisionChip } from '../precision/PrecisionChip';
import { precisionColour } from '../precision/palette';
import { energy, latency, percent } from '../text/figures';
import { SourceTag } from '../text/SourceTag';
import './detail.css';

/** What each precision costs on this device, as found in its trial. */
export function VariantTable({ device }: { readonly device: DeviceView }) {
  const variants = [...device.measured].sort((a, b) => b.bits - a.bits);
  const highest = Math.max(...variants.map((variant) => variant.energyMj), Number.MIN_VALUE);
  return (
    <section className="card" aria-labelledby="variants-title">
      <div className="card-head">
        <h2 id="variants-title">Cost of each precision</h2>
        <span className="push small muted">{device.id}</span>
      </div>
      {variants.length === 0 ? (
        <p className="empty">The device reports this once a release has passed its trial.</p>
      ) : (
        <ul className="variants" data-testid="variants">
          {variants.map((variant) => (
            <li key={variant.bits} className={variant.bits === device.bits ? 'variant-now' : undefined}>
              <PrecisionChip bits={variant.bits} />
              <span className="variant-bar">
                <span style={{ width: `${(100 * variant.energyMj) / highest}%`, background: precisionColour(variant.bits) }} />
                <small>{variant.energyMj < highest && `${percent((100 * variant.energyMj) / highest)} of the energy`}</small>
              </span>
              <span className="variant-figure">
                {energy(variant.energyMj)} <SourceTag source={variant.energySource} />
              </span>
              <span className="variant-figure">
                {latency(variant.latencyMs)} <SourceTag source={variant.latencySource} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
