import { inkOnPrecision, precisionColour } from '../precision/palette';
import type { Scale } from './scales';
import type { Segment } from './segments';

interface PrecisionBandsProps {
  readonly segments: readonly Segment[];
  readonly x: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly stripHeight: number;
  readonly bottom: number;
}

/** The bit-width over time: a strip with the number where it fits, and its colour behind all lines. */
export function PrecisionBands({ segments, x, left, right, top, stripHeight, bottom }: PrecisionBandsProps) {
  return (
    <g>
      {segments.map((segment) => {
        const from = Math.max(left, x(segment.from));
        const width = Math.min(right, x(segment.to)) - from;
        if (width <= 0) return null;
        const colour = precisionColour(segment.bits);
        return (
          <g key={segment.from} data-testid="band" data-bits={segment.bits}>
            <title>{`${segment.bits} bit`}</title>
            <rect className="band" x={from} y={top + stripHeight} width={width} height={bottom - top - stripHeight} fill={colour} />
            <rect className="band-strip" x={from} y={top} width={width} height={stripHeight} fill={colour} />
            {width > 16 && (
              <text className="band-text" x={from + width / 2} y={top + stripHeight / 2 + 4} textAnchor="middle" fill={inkOnPrecision(segment.bits)}>
                {width > 44 ? `${segment.bits} bit` : segment.bits}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
