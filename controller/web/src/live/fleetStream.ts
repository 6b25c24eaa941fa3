import { streamAddress } from '../contract/addresses';
import { eventNames, readEvent } from '../contract/events';
import type { FleetEvent } from '../contract/types';
import type { FleetAction } from '../fleet/state';
import { reconnectWait } from './backoff';
import { fetchSnapshot, probeController } from './requests';

/** Events are gathered this long before the page changes: at most four changes a second, however large the fleet. */
const gatherMs = 250;

/**
 * Silence after which the page asks whether the controller is still there: a cut cable closes no connection. The
 * controller says hello each 15 seconds when it has nothing else to say.
 */
const quietMs = 20_000;

/**
 * Keeps the page fed: one event stream, a snapshot each time it opens, a new attempt each time it ends.
 * @returns Ends all of it.
 */
export function followFleet(dispatch: (action: FleetAction) => void): () => void {
  let failures = 0;
  let ended = false;
  let endAttempt = () => {};

  const attempt = () => {
    const end = openOnce(
      dispatch,
      () => (failures = 0),
      () => {
        end();
        if (ended) return;
        dispatch({ type: 'disconnected', at: Date.now() });
        const timer = setTimeout(attempt, reconnectWait(++failures, Math.random()));
        endAttempt = () => clearTimeout(timer);
      },
    );
    endAttempt = end;
  };

  attempt();
  return () => {
    ended = true;
    endAttempt();
  };
}

/** One life of the stream. Calls `onBroken` at most once, when the stream or what it needs fails. */
function openOnce(dispatch: (action: FleetAction) => void, onLive: () => void, onBroken: () => void): () => void {
  const abort = new AbortController();
  const source = new EventSource(streamAddress);
  let gathered: FleetEvent[] = [];
  let heardAt = Date.now();

  const flush = () => {
    if (gathered.length === 0) return;
    const events = gathered;
    gathered = [];
    dispatch({ type: 'events', events, at: Date.now() });
  };
  const flushing = setInterval(flush, gatherMs);
  const watching = setInterval(() => {
    if (Date.now() - heardAt < quietMs) return;
    heardAt = Date.now();
    probeController(abort.signal).catch(broken);
  }, quietMs / 3);

  const end = () => {
    abort.abort();
    clearInterval(flushing);
    clearInterval(watching);
    source.close();
  };
  function broken() {
    if (abort.signal.aborted) return;
    flush();
    onBroken();
  }

  for (const name of eventNames) {
    source.addEventListener(name, (message: MessageEvent<string>) => {
      heardAt = Date.now();
      const event = readEvent(name, message.data);
      if (event !== null) gathered.push(event);
    });
  }
  source.addEventListener('open', () => {
    const requestedAt = Date.now();
    fetchSnapshot(abort.signal).then((snapshot) => {
      if (abort.signal.aborted) return;
      onLive();
      flush();
      dispatch({ type: 'snapshot', ...snapshot, requestedAt, at: Date.now() });
    }, broken);
  });
  source.addEventListener('error', broken);
  return end;
}
