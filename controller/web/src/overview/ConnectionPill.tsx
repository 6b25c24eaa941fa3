import type { Connection } from '../fleet/state';
import { clock, span } from '../text/times';
import './overview.css';

/** Whether what the page shows is current, and since when it is not. */
export function ConnectionPill({ connection, heardAt, now }: { readonly connection: Connection; readonly heardAt: number | null; readonly now: number }) {
  const age = heardAt === null ? '' : ` · data ${span(now - heardAt)} old`;
  return (
    <span className={`pill pill-${connection.kind}`} data-testid="connection" data-state={connection.kind}>
      <span className="pill-dot" aria-hidden="true" />
      <span role="status">
        {connection.kind === 'live' && 'Live'}
        {connection.kind === 'connecting' && 'Connecting to the controller'}
        {connection.kind === 'reconnecting' && `Reconnecting since ${clock(connection.since)}`}
      </span>
      {connection.kind === 'reconnecting' && <span data-testid="data-age">{age}</span>}
    </span>
  );
}
