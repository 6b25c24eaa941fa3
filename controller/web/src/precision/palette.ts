/**
 * Colour per bit-width: from deep blue at full precision to amber and rust at the lowest, lighter step by step down to
 * 4 bits, so that neighbours stay apart for every kind of colour vision and in grey. A test holds this.
 */
const palette: readonly { readonly bits: number; readonly colour: string }[] = [
  { bits: 32, colour: '#3d5bd9' },
  { bits: 16, colour: '#38a2e0' },
  { bits: 12, colour: '#25a8c0' },
  { bits: 8, colour: '#1fb39a' },
  { bits: 6, colour: '#a3c13c' },
  { bits: 5, colour: '#d8bd2f' },
  { bits: 4, colour: '#f2b134' },
  { bits: 2, colour: '#d95f2b' },
];

/** The colour of a bit-width, the same wherever it is shown. Bit-widths between two known ones take the lower one's. */
export function precisionColour(bits: number): string {
  return (palette.find((entry) => entry.bits <= bits) ?? palette[palette.length - 1]!).colour;
}

/** Text colour that can be read on the colour of a bit-width. */
export function inkOnPrecision(bits: number): string {
  return bits >= 32 ? '#ffffff' : '#10161f';
}
