import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { firstAtOrAfter, type Series, type TimelineSample } from '../fleet/series';
import { energy, latency, percent } from '../text/figures';
import { clock } from '../text/times';
import { Lane, type LaneSpec } from './Lane';
import { PrecisionBands } from './PrecisionBands';
import { Readout } from './Readout';
import { axisEnd, linear, timeTicks } from './scales';
import { precisionSegments } from './segments';
import type { TimeWindow } from './timeWindow';
import { useWidth } from './useWidth';
import './detail.css';

const lanes: readonly LaneSpec[] = [
  { key: 'battery', name: 'Battery', value: (s) => s.batteryPct, text: (v) => percent(v), end: 100, absent: 'This device has no battery' },
  { key: 'latency', name: 'Latency p95', value: (s) => s.latencyP95Ms, text: latency, end: null, absent: 'No latency reported' },
  { key: 'energy', name: 'Energy per frame', value: (s) => s.energyMj, text: energy, end: null, absent: 'No energy reported' },
];

const left = 58;
const rightMargin = 8;
const stripHeight = 20;
const laneHeight = 88;
const laneGap = 26;
const bottom = stripHeight + lanes.length * (laneHeight + laneGap) + 12;
const height = bottom + 24;

/** Battery, latency and energy of one device on one time axis, over the bit-width it ran at. */
export function Timeline({ device, series, window }: { readonly device: string; readonly series: Series; readonly window: TimeWindow }) {
  const [box, width] = useWidth();
  const [cursor, setCursor] = useState<number | null>(null);
  const hatch = useId();
  const right = width - rightMargin;
  const x = linear(window.from, window.to, left, right);
  // One more than fits, so that lines and bands reach the left edge.
  const inSight = series.slice(Math.max(0, firstAtOrAfter(series, window.from) - 1));
  const marked = cursor === null ? null : nearest(inSight, cursor);

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setCursor(window.from + ((at - left) / (right - left)) * (window.to - window.from));
  };
  const step = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setCursor(null);
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const from = marked === null ? inSight.length - 1 : inSight.indexOf(marked);
    setCursor(inSight[Math.max(0, Math.min(inSight.length - 1, from + (event.key === 'ArrowLeft' ? -1 : 1)))]?.ts ?? null);
  };

  return (
    <div className="timeline" ref={box}>
      <Readout sample={marked ?? inSight.at(-1) ?? null} pointed={marked !== null} />
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Battery, latency, energy per frame and bit-width of ${device} over time. Left and right arrow keys move the reading.`}
        tabIndex={0}
        data-testid="timeline"
        data-device={device}
        data-samples={inSight.length}
        onPointerMove={point}
        onPointerLeave={() => setCursor(null)}
        onKeyDown={step}
        onBlur={() => setCursor(null)}
      >
        <defs>
          <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="5" fill="currentColor" />
          </pattern>
          <clipPath id={`${hatch}clip`}>
            <rect x={left} y={0} width={Math.max(0, right - left)} height={bottom} />
          </clipPath>
        </defs>
        <g clipPath={`url(#${hatch}clip)`}>
          <PrecisionBands segments={precisionSegments(inSight)} x={x} left={left} right={right} top={0} stripHeight={stripHeight} bottom={bottom - 6} />
          {inSight.filter((sample) => sample.late).map((sample) => (
            <rect key={sample.ts} data-testid="late" x={x(sample.ts - sample.windowMs)} width={Math.max(1, x(sample.ts) - x(sample.ts - sample.windowMs))} y={bottom - 6} height={6} fill={`url(#${hatch})`}>
              <title>Arrived late: the device kept it while it was offline</title>
            </rect>
          ))}
        </g>
        {lanes.map((spec, index) => (
          <Lane
            key={spec.key}
            spec={spec}
            series={inSight.filter((sample) => sample.ts >= window.from)}
            x={x}
            end={spec.end ?? axisEnd(Math.max(0, ...inSight.map((sample) => spec.value(sample) ?? 0)))}
            left={left}
            right={right}
            top={stripHeight + laneGap + index * (laneHeight + laneGap)}
            height={laneHeight}
            marked={marked}
          />
        ))}
        {timeTicks(window.from, window.to, Math.max(2, Math.floor(width / 110))).filter((tick) => x(tick) < right - 24).map((tick) => (
          <text key={tick} className="axis-text" x={x(tick)} y={height - 6} textAnchor="middle">
            {clock(tick)}
          </text>
        ))}
        {marked !== null && <line className="cursor" x1={x(marked.ts)} x2={x(marked.ts)} y1={0} y2={bottom} />}
      </svg>
    </div>
  );
}

function nearest(series: Series, ts: number): TimelineSample | null {
  const after = firstAtOrAfter(series, ts);
  const candidates = [series[after - 1], series[after]].filter((sample) => sample !== undefined);
  return candidates.sort((a, b) => Math.abs(a.ts - ts) - Math.abs(b.ts - ts))[0] ?? null;
}
