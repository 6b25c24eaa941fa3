import type { Series } from '../fleet/series';
import { energy, latency, percent } from '../text/figures';
import { clock } from '../text/times';

const rows = 20;

/** The newest samples as a table, for those whom a chart does not serve. */
export function SampleTable({ series }: { readonly series: Series }) {
  const newest = series.slice(-rows).reverse();
  return (
    <details className="sample-table">
      <summary>Last {newest.length} windows as a table</summary>
      <div className="sample-scroll" tabIndex={0} role="region" aria-label="Samples">
        <table>
          <thead>
            <tr>
              {['Window end', 'Precision', 'Reason', 'Battery', 'Latency p95', 'Energy/frame', 'Frames'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {newest.map((sample) => (
              <tr key={sample.ts}>
                <td>{clock(sample.ts)}</td>
                <td>{sample.bits} bit</td>
                <td>{sample.reason}</td>
                <td>{percent(sample.batteryPct, 1)}</td>
                <td>{latency(sample.latencyP95Ms)}</td>
                <td>{energy(sample.energyMj)}</td>
                <td>{sample.frames}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
