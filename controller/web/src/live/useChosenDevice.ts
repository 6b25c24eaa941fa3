import { useEffect } from 'react';
import type { FleetAction } from '../fleet/state';

/** Keeps the chosen device and the page's address in step, so that a link shows what its sender saw. */
export function useChosenDevice(chosen: string | null, dispatch: (action: FleetAction) => void): void {
  useEffect(() => {
    const read = () => {
      // Device ids are [a-z0-9_-]: they need no decoding, and a broken link is simply no id.
      const device = window.location.hash.slice(1);
      if (/^[a-z0-9_-]{1,64}$/.test(device)) dispatch({ type: 'chosen', device });
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, [dispatch]);

  useEffect(() => {
    if (chosen !== null) window.history.replaceState(null, '', `#${chosen}`);
  }, [chosen]);
}
