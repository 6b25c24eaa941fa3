import type { Series, TimelineSample } from '../fleet/series';
import { withoutTrailingZeros } from '../text/figures';
import { linear, type Scale } from './scales';
import { unbrokenRuns } from './segments';

/** One quantity on the time line. */
export interface LaneSpec {
  readonly key: string;
  readonly name: string;
  readonly value: (sample: TimelineSample) => number | null;
  readonly text: (value: number | null) => string;
  /** Fixed end of the axis; null to fit the data. */
  readonly end: number | null;
  /** Said where the device reports nothing. */
  readonly absent: string;
}

interface LaneProps {
  readonly spec: LaneSpec;
  readonly series: Series;
  readonly x: Scale;
  readonly end: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
  readonly marked: TimelineSample | null;
}

/** One line over time from zero to `end`, interrupted where samples are missing. */
export function Lane({ spec, series, x, end, left, right, top, height, marked }: LaneProps) {
  const y = linear(0, end, top + height, top);
  const known = series.filter((sample) => spec.value(sample) !== null);
  const markedValue = marked === null ? null : spec.value(marked);
  return (
    <g data-testid={`lane-${spec.key}`}>
      {[end, end / 2, 0].map((value) => (
        <g key={value}>
          <line className="gridline" x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text className="axis-text" x={left - 6} y={y(value) + 4} textAnchor="end">
            {value === 0 ? '0' : withoutTrailingZeros(spec.text(value))}
          </text>
        </g>
      ))}
      <text className="lane-name" x={left + 8} y={top - 6}>
        {spec.name}
      </text>
      {known.length === 0 && (
        <text className="lane-absent" x={(left + right) / 2} y={top + height / 2 + 4} textAnchor="middle">
          {spec.absent}
        </text>
      )}
      {unbrokenRuns(known).map((run) => (
        <path key={run[0]!.ts} className="lane-line" d={pathOf(run, spec, x, y)} />
      ))}
      {marked !== null && markedValue !== null && <circle className="lane-mark" cx={x(marked.ts)} cy={y(markedValue)} r={3.5} />}
    </g>
  );
}

function pathOf(run: Series, spec: LaneSpec, x: Scale, y: Scale): string {
  const points = run.map((sample) => `${x(sample.ts).toFixed(1)} ${y(spec.value(sample) ?? 0).toFixed(1)}`);
  // A lone sample is a short dash, or nobody would see it.
  return points.length === 1 ? `M${points[0]}h1.5` : `M${points.join('L')}`;
}
