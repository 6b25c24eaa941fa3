import type { Series } from '../fleet/series';
import { precisionColour } from '../precision/palette';
import { clock } from '../text/times';
import { switchCause, switchEvents } from './switchEvents';
import './detail.css';

const shownEvents = 40;

/** When the device changed its precision, and why; newest first. */
export function SwitchList({ device, series }: { readonly device: string; readonly series: Series }) {
  const events = switchEvents(series);
  return (
    <section className="card" aria-labelledby="switches-title">
      <div className="card-head">
        <h2 id="switches-title">Precision switches</h2>
        <span className="push small muted">{device}</span>
      </div>
      {events.length === 0 ? (
        <p className="empty">No change of precision in the samples at hand. One appears here when battery, energy, latency or policy ask for it.</p>
      ) : (
        <ol className="switches" data-testid="switches" tabIndex={0} aria-label="Precision switches, newest first">
          {events.slice(0, shownEvents).map((event) => (
            <li key={event.ts} data-testid="switch">
              <span className="switch-swatch" aria-hidden="true">
                <span style={{ background: precisionColour(event.from) }} />
                <span style={{ background: precisionColour(event.to) }} />
              </span>
              <span>
                <strong>
                  {event.from} → {event.to} bit
                </strong>{' '}
                {switchCause(event)}
                {event.more > 0 && <span className="muted"> (+{event.more} within the window)</span>}
                {event.afterHole && <span className="muted"> (or earlier: samples before it are missing)</span>}
              </span>
              <time className="muted" dateTime={new Date(event.ts).toISOString()}>
                {clock(event.ts)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
