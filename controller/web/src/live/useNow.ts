import { useEffect, useState } from 'react';

/** This browser's clock, milliseconds, renewed every second: ages grow while nothing arrives. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
