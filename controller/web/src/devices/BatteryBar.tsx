import { percent } from '../text/figures';

/** Charge as a bar and a number; says so where there is no battery. */
export function BatteryBar({ pct, charging }: { readonly pct: number | null; readonly charging: boolean }) {
  if (pct === null) return <span className="muted small">no battery</span>;
  const level = pct < 20 ? 'low' : pct < 50 ? 'half' : 'full';
  return (
    <span className={`battery battery-${level}`}>
      <span className="battery-body" aria-hidden="true">
        <span style={{ width: `${Math.max(0, Math.min(100, pct))}%` }} />
      </span>
      <span className="battery-pct">{percent(pct)}</span>
      {charging && (
        <svg className="battery-bolt" viewBox="0 0 10 14" role="img" aria-label="charging">
          <path d="M6 0 0 8h4l-1 6 7-9H5.5z" fill="currentColor" />
        </svg>
      )}
    </span>
  );
}
