import { useState } from 'react';
import type { DeviceView } from '../contract/types';
import type { Series } from '../fleet/series';
import { PrecisionChip } from '../precision/PrecisionChip';
import { PrecisionLegend } from '../precision/PrecisionLegend';
import { ago, clock, span } from '../text/times';
import { SampleTable } from './SampleTable';
import { Timeline } from './Timeline';
import { timeWindow, windowLengths, type WindowLength } from './timeWindow';
import './detail.css';

interface DeviceDetailProps {
  readonly device: DeviceView;
  readonly series: Series;
  /** Why the past is missing; null when it is not. */
  readonly fault: string | null;
  /** Controller clock, milliseconds; stands still while the controller cannot be reached. */
  readonly now: number;
}

/** The last minutes of one device. */
export function DeviceDetail({ device, series, fault, now }: DeviceDetailProps) {
  const [length, setLength] = useState<WindowLength>('fit');
  const window = timeWindow(series, length, now);
  return (
    <section className="card detail" aria-labelledby="detail-title" data-testid="detail" data-device={device.id}>
      <div className="card-head detail-head">
        <h2 id="detail-title">{device.id}</h2>
        <PrecisionChip bits={device.bits} />
        <span className="muted">{headline(device, now)}</span>
        <span className="push segmented" role="group" aria-label="Time shown">
          {windowLengths.map((each) => (
            <button key={each} type="button" aria-pressed={each === length} onClick={() => setLength(each)}>
              {each === 'fit' ? 'Fit' : `${each} min`}
            </button>
          ))}
        </span>
      </div>
      {fault !== null && (
        <p className="notice" role="alert">
          {fault}
        </p>
      )}
      {device.alarms.map((alarm) => (
        <p key={alarm} className="notice" role="alert">
          Alarm: {alarm}
        </p>
      ))}
      {device.policyFaults.length > 0 && (
        <p className="notice" role="alert">
          The device refused policy version {device.desiredVersion}: {device.policyFaults.join(' ')}
        </p>
      )}
      {window.past && series.length > 0 && <p className="notice">Nothing newer than {clock(window.to)}: these are the last samples that arrived.</p>}
      {series.length === 0 ? (
        <p className="empty">
          <strong>No telemetry from {device.id} yet.</strong>
          {device.release === null
            ? 'It runs no release. Bring one to it with a rollout; samples follow with its first frames.'
            : 'Samples appear here as soon as its first telemetry window ends.'}
        </p>
      ) : (
        <>
          <Timeline device={device.id} series={series} window={window} />
          <div className="detail-foot">
            <PrecisionLegend bits={[...device.offered, ...series.map((sample) => sample.bits)]} />
            {series.some((sample) => sample.late) && (
              <span className="small muted">
                <span className="hatch-swatch" aria-hidden="true" /> arrived late
              </span>
            )}
            <SampleTable series={series} />
          </div>
        </>
      )}
    </section>
  );
}

function headline(device: DeviceView, now: number): string {
  const parts = [
    device.reason === null || device.since === null ? null : `by ${device.reason} for ${span(now - device.since)}`,
    device.online ? null : `offline, seen ${ago(device.lastSeen, now)}`,
    policyState(device),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Sent is not applied: says which of the two a policy is. */
function policyState(device: DeviceView): string | null {
  const { desiredVersion: desired, reportedVersion: reported } = device;
  if (desired === null || desired === 0) return null;
  if (reported !== null && reported >= desired) return `policy ${desired} applied`;
  return `policy ${desired} sent, not yet acknowledged`;
}
