import { useEffect, useState } from 'react';
import type { DeviceView } from '../contract/types';
import { maxSamplesPerSeries } from '../fleet/series';
import type { FleetAction, FleetState } from '../fleet/state';
import { fetchHistory } from './requests';

/** How far back the time line can look, milliseconds. */
export const longestLookBackMs = 10 * 60_000;

/**
 * Fetches the past of the device shown, again after each reconnection, so that the hole is filled.
 * @returns Why the past is missing, one sentence; null while there is nothing to say.
 */
export function useHistory(state: FleetState, device: DeviceView | null, dispatch: (action: FleetAction) => void): string | null {
  const [fault, setFault] = useState<string | null>(null);
  const id = device?.id ?? null;
  const liveSince = state.connection.kind === 'live' ? state.connection.since : null;
  // Not a dependency: it changes with every message, and only matters at the moment of asking.
  const newest = Math.min(Date.now() + state.clockOffsetMs, device?.lastSeen ?? Infinity);

  useEffect(() => {
    if (id === null || liveSince === null) return;
    const abort = new AbortController();
    setFault(null);
    fetchHistory(id, newest - longestLookBackMs, maxSamplesPerSeries, abort.signal).then(
      (samples) => dispatch({ type: 'history', device: id, samples }),
      (error: unknown) => {
        if (!abort.signal.aborted) setFault(`The past of ${id} could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
    return () => abort.abort();
  }, [id, liveSince, dispatch]);

  return fault;
}
