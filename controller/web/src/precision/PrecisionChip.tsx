import { precisionColour } from './palette';
import './precision.css';

/** A bit-width with its colour; the number is always there too. */
export function PrecisionChip({ bits }: { readonly bits: number | null }) {
  if (bits === null) return <span className="chip chip-none">no release</span>;
  return (
    <span className="chip" data-bits={bits} style={{ '--precision': precisionColour(bits) } as React.CSSProperties}>
      <span className="chip-swatch" aria-hidden="true" />
      {bits} bit
    </span>
  );
}
