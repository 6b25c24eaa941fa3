import { memo } from 'react';
import type { DeviceView } from '../contract/types';
import { PrecisionChip } from '../precision/PrecisionChip';
import { count, dash, energy, latency, percent } from '../text/figures';
import { SourceTag } from '../text/SourceTag';
import { ago, span } from '../text/times';
import { BatteryBar } from './BatteryBar';

interface DeviceRowProps {
  readonly device: DeviceView;
  readonly index: number;
  readonly chosen: boolean;
  /** Controller clock, milliseconds, whole seconds. */
  readonly now: number;
  readonly onChoose: (device: string) => void;
}

/** One device in the list. Redrawn only when its view, its choice or the second changes. */
export const DeviceRow = memo(function DeviceRow({ device, index, chosen, now, onChoose }: DeviceRowProps) {
  return (
    <tr
      id={`device-${device.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      className={`device-row${device.online ? '' : ' device-offline'}`}
      data-testid={`device-${device.id}`}
      onClick={() => onChoose(device.id)}
    >
      <td role="gridcell" className="cell-id">
        <span className="device-id">{device.id}</span>
        <span className="second">{device.deviceClass}</span>
      </td>
      <td role="gridcell" className="cell-status">
        <span className={`presence presence-${device.online ? 'online' : 'offline'}`} data-testid={`presence-${device.id}`}>
          {device.online ? 'Online' : 'Offline'}
        </span>
        <span className="second">seen {ago(device.lastSeen, now)}</span>
      </td>
      <td role="gridcell" className="cell-battery" data-testid={`battery-${device.id}`}>
        <BatteryBar pct={device.batteryPct} charging={device.charging} />
      </td>
      <td role="gridcell" className="cell-precision" data-testid={`precision-${device.id}`}>
        <PrecisionChip bits={device.bits} />
        <span className="second">{reasonSince(device, now)}</span>
      </td>
      <td role="gridcell" className="cell-latency">
        <span className="cell-name">latency p95</span>
        <span>{latency(device.latencyP95Ms)}</span>
        <SourceTag source={device.latencySource} />
      </td>
      <td role="gridcell" className="cell-energy">
        <span className="cell-name">energy/frame</span>
        <span>{energy(device.energyMj)}</span>
        <SourceTag source={device.energySource} />
      </td>
      <td role="gridcell" className="cell-frames">
        <span className="cell-name">frames</span>
        <span>{count(device.framesTotal)}</span>
        <span className={device.droppedTotal ? 'second bad-text' : 'second'}>{count(device.droppedTotal)} dropped</span>
      </td>
      <td role="gridcell" className="cell-accuracy">
        <span className="cell-name">accuracy</span>
        <span>{device.accuracy === null ? dash : percent(device.accuracy * 100, 1)}</span>
      </td>
      <td role="gridcell" className="cell-release" title={device.release ?? undefined}>
        {device.release ?? dash}
      </td>
    </tr>
  );
});

function reasonSince(device: DeviceView, now: number): string {
  const parts = [device.reason, device.since === null ? null : `for ${span(now - device.since)}`];
  return parts.filter((part) => part !== null).join(', ');
}
