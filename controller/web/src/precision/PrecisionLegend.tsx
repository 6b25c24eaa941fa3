import { precisionColour } from './palette';
import './precision.css';

/** What each colour means, for the bit-widths in sight, the highest first. */
export function PrecisionLegend({ bits }: { readonly bits: readonly number[] }) {
  const shown = [...new Set(bits)].sort((a, b) => b - a);
  return (
    <ul className="legend" aria-label="Colour of each bit-width">
      {shown.map((each) => (
        <li key={each} data-testid={`legend-${each}`} data-bits={each}>
          <span className="chip-swatch" aria-hidden="true" style={{ background: precisionColour(each) }} />
          {each} bit
        </li>
      ))}
    </ul>
  );
}
