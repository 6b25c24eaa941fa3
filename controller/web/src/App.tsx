import { useCallback, useMemo } from 'react';
import { DeviceDetail } from './detail/DeviceDetail';
import { SwitchList } from './detail/SwitchList';
import { VariantTable } from './detail/VariantTable';
import { DeviceList } from './devices/DeviceList';
import { arrivalRate } from './fleet/arrivals';
import { devicesById, rolloutsByInterest, shownDevice } from './fleet/selectors';
import type { Series } from './fleet/series';
import { useChosenDevice } from './live/useChosenDevice';
import { useFleet } from './live/useFleet';
import { useHistory } from './live/useHistory';
import { useNow } from './live/useNow';
import { ConnectionPill } from './overview/ConnectionPill';
import { Overview } from './overview/Overview';
import { RolloutPanel } from './rollout/RolloutPanel';
import './theme/page.css';

const noSamples: Series = [];

/** The operators' page. */
export function App() {
  const [fleet, dispatch] = useFleet();
  const now = useNow();
  const devices = useMemo(() => devicesById(fleet.devices), [fleet.devices]);
  const rollouts = rolloutsByInterest(fleet);
  const shown = shownDevice(fleet, devices);
  const fault = useHistory(fleet, shown, dispatch);
  useChosenDevice(fleet.chosen, dispatch);
  const choose = useCallback((device: string) => dispatch({ type: 'chosen', device }), [dispatch]);

  const stale = fleet.connection.kind === 'reconnecting';
  const controllerNow = now + fleet.clockOffsetMs;
  // While nothing arrives the time line stands still; a line that ends early would claim that the device fell silent.
  const timelineNow = stale ? (fleet.heardAt ?? now) + fleet.clockOffsetMs : controllerNow;
  const series = (shown && fleet.series.get(shown.id)) ?? noSamples;

  return (
    <div className={`page${stale ? ' stale' : ''}`} data-testid="page" data-stale={stale}>
      <header className="masthead">
        <img src="./icon.svg" alt="" />
        <h1>InstantNet</h1>
        <span className="muted">fleet</span>
        {fleet.controller !== null && <span className="muted small">controller {fleet.controller}</span>}
        <span className="push">
          <ConnectionPill connection={fleet.connection} heardAt={fleet.heardAt} now={now} />
        </span>
      </header>
      <main className="layout">
        <Overview devices={devices} rollout={rollouts[0] ?? null} samplesPerSecond={fleet.connection.kind === 'live' ? arrivalRate(fleet.arrivals, fleet.connection.since, now) : null} />
        <DeviceList devices={devices} shown={shown?.id ?? null} known={fleet.connection.kind === 'live'} now={controllerNow} onChoose={choose} />
        <RolloutPanel rollouts={rollouts} now={controllerNow} />
        {shown !== null && <DeviceDetail key={shown.id} device={shown} series={series} fault={fault} now={timelineNow} />}
        {shown !== null && (
          <div className="area-side">
            <SwitchList device={shown.id} series={series} />
            <VariantTable device={shown} />
          </div>
        )}
      </main>
    </div>
  );
}
