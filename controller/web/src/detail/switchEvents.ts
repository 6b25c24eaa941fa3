import type { Series } from '../fleet/series';
import { isHole } from './segments';

/** A change of precision between two telemetry windows. */
export interface SwitchEvent {
  readonly ts: number;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly batteryPct: number | null;
  readonly charging: boolean;
  readonly release: string | null;
  /** Further changes within the same window, by the device's own count. */
  readonly more: number;
  /** Windows before it are missing, so it may have happened earlier. */
  readonly afterHole: boolean;
}

/** The changes of precision in a series, newest first. */
export function switchEvents(series: Series): readonly SwitchEvent[] {
  const events: SwitchEvent[] = [];
  for (const [index, sample] of series.entries()) {
    const before = series[index - 1];
    if (before === undefined || before.bits === sample.bits) continue;
    events.push({
      ts: sample.ts,
      from: before.bits,
      to: sample.bits,
      reason: sample.reason,
      batteryPct: sample.batteryPct,
      charging: sample.charging,
      release: sample.release,
      more: Math.max(0, sample.switches - before.switches - 1),
      afterHole: isHole(before, sample),
    });
  }
  return events.reverse();
}

/** The cause of a switch in words, for example "at 49 % battery". */
export function switchCause(event: Pick<SwitchEvent, 'reason' | 'batteryPct' | 'charging' | 'release'>): string {
  const charge = event.batteryPct === null ? null : `${Math.round(event.batteryPct)} % battery`;
  switch (event.reason) {
    case 'battery':
      return charge === null ? 'for the battery' : `at ${charge}${event.charging ? ', charging' : ''}`;
    case 'energy':
      return 'to keep the energy budget';
    case 'horizon':
      return 'to make the battery last until its next charge';
    case 'thermal':
      return 'for the temperature';
    case 'latency':
      return 'to keep the latency objective';
    case 'policy':
      return 'by policy';
    case 'release':
      return event.release === null ? 'with a new release' : `with release ${event.release}`;
    case 'start':
      return event.release === null ? 'as the first choice' : `as the first choice of ${event.release}`;
    default:
      return `because of ${event.reason}`;
  }
}
