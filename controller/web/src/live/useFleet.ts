import { useEffect, useReducer } from 'react';
import { reduceFleet } from '../fleet/reducer';
import { emptyFleet, type FleetAction, type FleetState } from '../fleet/state';
import { followFleet } from './fleetStream';

/** The fleet as this page knows it, kept current while the component is mounted. */
export function useFleet(): readonly [FleetState, (action: FleetAction) => void] {
  const [state, dispatch] = useReducer(reduceFleet, emptyFleet);
  useEffect(() => followFleet(dispatch), []);
  return [state, dispatch];
}
