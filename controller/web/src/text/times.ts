import { dash } from './figures';

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Time of day, local, 24 hours, with seconds. */
export function clock(instant: number | null): string {
  return instant === null ? dash : clockFormat.format(instant);
}

/** A span in its one largest unit: "7 s", "3 min", "5 h", "2 d". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

/** How long ago; "now" below two seconds, so that a live figure does not flicker. */
export function ago(instant: number | null, now: number): string {
  if (instant === null) return 'never';
  return now - instant < 2000 ? 'now' : `${span(now - instant)} ago`;
}

/** How long something took, with tenths of a second while that is short; empty for what has not begun. */
export function took(ms: number | null): string {
  if (ms === null || ms === 0) return '';
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}
