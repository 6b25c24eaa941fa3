import { describe, expect, it } from 'vitest';
import { inkOnPrecision, precisionColour } from './palette';

type Rgb = readonly [number, number, number];

/** Linear light, 0..1, of a hexadecimal sRGB colour. */
function linearRgb(hex: string): Rgb {
  const part = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

const row = (r: Rgb, [a, b, c]: Rgb) => Math.min(1, Math.max(0, r[0] * a + r[1] * b + r[2] * c));

// Machado, Oliveira and Fernandes 2009, severity 1.
const visions: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** CIE L*a*b* under D65. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const luminance = (hex: string) => row(linearRgb(hex), [0.2126, 0.7152, 0.0722]);

describe.each(Object.keys(visions))('with %s colour vision', (vision) => {
  it.each([[32, 16], [32, 8], [32, 4], [16, 4], [8, 4], [8, 2], [4, 2]])('%i and %i bit are told apart', (one, other) => {
    const seen = [one, other].map((bits) => {
      const colour = linearRgb(precisionColour(bits));
      const [r, g, b] = visions[vision]!;
      return lab([row(colour, r), row(colour, g), row(colour, b)]);
    }) as [Rgb, Rgb];
    const distance = Math.hypot(seen[0][0] - seen[1][0], seen[0][1] - seen[1][1], seen[0][2] - seen[1][2]);
    expect(distance).toBeGreaterThan(20);
  });
});

it('gets lighter from 32 to 4 bit, so that the order shows in grey', () => {
  const light = [32, 16, 8, 4].map((bits) => luminance(precisionColour(bits)));
  expect(light).toEqual([...light].sort((a, b) => a - b));
});

it.each([32, 16, 12, 8, 6, 5, 4, 2])('text on %i bit can be read (contrast of at least 4.5)', (bits) => {
  const [one, other] = [luminance(precisionColour(bits)), luminance(inkOnPrecision(bits))].sort((a, b) => b - a) as [number, number];
  expect((one + 0.05) / (other + 0.05)).toBeGreaterThanOrEqual(4.5);
});

it('a bit-width between two known ones has the colour of the lower', () => {
  expect(precisionColour(7)).toBe(precisionColour(6));
});
