import type { MeterSource } from '../contract/types';

const meaning: Readonly<Record<MeterSource, string>> = {
  measured: 'from a sensor or a clock on the device',
  modelled: "from the deployed dataflow's cost model",
  estimated: 'from processor time and a nominal power: this machine has no meter',
  unknown: 'from a source this page does not know',
};

/** Says where a figure comes from, right beside it. */
export function SourceTag({ source }: { readonly source: MeterSource | null }) {
  if (source === null) return null;
  return (
    <span className={`source source-${source}`} title={`${source}: ${meaning[source]}`}>
      {source}
    </span>
  );
}
