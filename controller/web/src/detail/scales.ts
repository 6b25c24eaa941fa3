/** Maps a value to pixels. */
export type Scale = (value: number) => number;

export function linear(fromValue: number, toValue: number, fromPixel: number, toPixel: number): Scale {
  const perUnit = toValue === fromValue ? 0 : (toPixel - fromPixel) / (toValue - fromValue);
  return (value) => fromPixel + (value - fromValue) * perUnit;
}

/** The smallest round number that is not below a value: where an axis from zero ends. */
export function axisEnd(highest: number): number {
  if (!(highest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  return (steps.find((step) => step * power >= highest * 0.999_999) ?? 10) * power;
}

const tickSteps = [5, 10, 15, 30, 60, 120, 300].map((seconds) => seconds * 1000);

/** Round instants to mark on a time axis: at most `most` of them. Milliseconds. */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const step = tickSteps.find((each) => (to - from) / each <= most) ?? tickSteps[tickSteps.length - 1]!;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
