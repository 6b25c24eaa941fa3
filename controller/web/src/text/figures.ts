// Figures as people read them. No value is the dash.

export const dash = '–';

/** Digits after the point that leave three that matter. */
function digits(value: number): number {
  return value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
}

/** A figure for an axis: without the zeros that only say how exact it is ("5.00 ms" is "5 ms"). */
export function withoutTrailingZeros(figure: string): string {
  return figure.replace(/(\.\d*?)0+(?= |$)/, '$1').replace(/\.(?= |$)/, '');
}

/** A latency in milliseconds, or microseconds below a hundredth of one. */
export function latency(ms: number | null): string {
  if (ms === null) return dash;
  return ms > 0 && ms < 0.01 ? `${(ms * 1000).toFixed(digits(ms * 1000))} µs` : `${ms.toFixed(digits(ms))} ms`;
}

/** An energy in the unit that leaves a readable number, from nanojoules to joules. */
export function energy(millijoules: number | null): string {
  if (millijoules === null) return dash;
  if (millijoules === 0) return '0 mJ';
  if (millijoules >= 1000) return `${(millijoules / 1000).toFixed(digits(millijoules / 1000))} J`;
  if (millijoules >= 0.01) return `${millijoules.toFixed(digits(millijoules))} mJ`;
  const micro = millijoules * 1000;
  return micro >= 0.01 ? `${micro.toFixed(digits(micro))} µJ` : `${(micro * 1000).toFixed(digits(micro * 1000))} nJ`;
}

export function percent(value: number | null, fraction = 0): string {
  return value === null ? dash : `${value.toFixed(fraction)} %`;
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function count(value: number | null): string {
  return value === null ? dash : grouped.format(value);
}

/** A rate a second: one digit after the point while it is small. */
export function rate(perSecond: number): string {
  return perSecond >= 100 ? grouped.format(perSecond) : perSecond.toFixed(1);
}
