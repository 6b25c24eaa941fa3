import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { DeviceView } from '../contract/types';
import { DeviceRow } from './DeviceRow';
import { useMediaQuery } from './useMediaQuery';
import { scrollToRow, visibleRows } from './visibleRows';
import './devices.css';

/** Row heights that devices.css sets, pixels. */
const rowHeightWide = 58;
const rowHeightNarrow = 134;

/** A fleet with more devices than this gets a field to search it. */
const searchAbove = 8;

interface DeviceListProps {
  readonly devices: readonly DeviceView[];
  readonly shown: string | null;
  /** The controller has answered: an empty list means there are none. */
  readonly known: boolean;
  readonly now: number;
  readonly onChoose: (device: string) => void;
}

/** All devices, one row each; only the rows in sight are drawn. Arrow keys, Home and End move the choice. */
export function DeviceList({ devices, shown, known, now, onChoose }: DeviceListProps) {
  const [wanted, setWanted] = useState('');
  const matching = devices.filter((device) => matches(device, wanted));
  return (
    <section className="card devices" aria-labelledby="devices-title">
      <div className="card-head">
        <h2 id="devices-title">Devices</h2>
        {devices.length > searchAbove && (
          <input
            className="push search"
            type="search"
            placeholder="Id, class or release"
            aria-label="Search devices"
            value={wanted}
            onChange={(change) => setWanted(change.target.value)}
          />
        )}
      </div>
      {devices.length === 0 ? (
        <EmptyFleet known={known} />
      ) : matching.length === 0 ? (
        <p className="empty">No device matches “{wanted}”. Ids, classes and releases are searched.</p>
      ) : (
        <DeviceGrid devices={matching} shown={shown} now={now} onChoose={onChoose} />
      )}
    </section>
  );
}

function matches(device: DeviceView, wanted: string): boolean {
  const needle = wanted.trim().toLowerCase();
  return needle === '' || [device.id, device.deviceClass, device.release ?? ''].some((field) => field.toLowerCase().includes(needle));
}

function EmptyFleet({ known }: { readonly known: boolean }) {
  if (!known) return <p className="empty">Asking the controller for its devices.</p>;
  return (
    <p className="empty" data-testid="devices-empty">
      <strong>No device has reported yet.</strong>
      Register one with <code>./instantnet device add</code>, then start its agent with the <code>agent.json</code> that was written:{' '}
      <code>./instantnet agent run --config agent.json</code>. It appears here by itself.
    </p>
  );
}

function DeviceGrid({ devices, shown, now, onChoose }: Omit<DeviceListProps, 'known'>) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useMediaQuery('(max-width: 900px)') ? rowHeightNarrow : rowHeightWide;
  const [view, setView] = useState({ top: 0, height: 10 * rowHeight });
  const at = devices.findIndex((device) => device.id === shown);

  const look = () => {
    const box = scroller.current;
    if (box) setView((held) => (held.top === box.scrollTop && held.height === box.clientHeight ? held : { top: box.scrollTop, height: box.clientHeight }));
  };
  useLayoutEffect(look, [rowHeight, devices.length]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && at >= 0) box.scrollTop = scrollToRow(at, rowHeight, box.scrollTop, box.clientHeight);
  }, [at, rowHeight]);

  const choose = (key: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: devices.length - 1 };
    const target = steps[key.key];
    if (target === undefined) return;
    key.preventDefault();
    onChoose(devices[Math.max(0, Math.min(devices.length - 1, target))]!.id);
  };

  const { first, end } = visibleRows(devices.length, rowHeight, view.top, view.height);
  return (
    <div className="devices-scroll" ref={scroller} onScroll={look}>
      <table
        role="grid"
        aria-label="Devices"
        aria-rowcount={devices.length + 1}
        aria-activedescendant={at >= first && at < end ? `device-${shown}` : undefined}
        tabIndex={0}
        onKeyDown={choose}
        data-testid="device-list"
      >
        <thead>
          <tr role="row" aria-rowindex={1}>
            {['Device', 'Status', 'Battery', 'Precision', 'Latency p95', 'Energy/frame', 'Frames', 'Accuracy', 'Release'].map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          <Spacer height={first * rowHeight} />
          {devices.slice(first, end).map((device, index) => (
            <DeviceRow key={device.id} device={device} index={first + index} chosen={device.id === shown} now={now} onChoose={onChoose} />
          ))}
          <Spacer height={(devices.length - end) * rowHeight} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height }: { readonly height: number }) {
  return height > 0 ? <tr aria-hidden="true" style={{ height, display: 'block' }} /> : null;
}
