// Reads single members of decoded JSON without trusting it: a member of the wrong type counts as missing.

export type Fields = Readonly<Record<string, unknown>>;

/** The object, or null when the value is no object. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

export function text(from: Fields, name: string): string | null {
  const value = from[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function number(from: Fields, name: string): number | null {
  const value = from[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function flag(from: Fields, name: string): boolean {
  return from[name] === true;
}

/** An ISO 8601 instant as milliseconds since 1970 UTC. */
export function instant(from: Fields, name: string): number | null {
  const value = from[name];
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

export function list(from: Fields, name: string): readonly unknown[] {
  const value = from[name];
  return Array.isArray(value) ? value : [];
}

/** Decodes each entry, leaving out those that are not what they should be. */
export function each<T>(values: readonly unknown[], decode: (value: unknown) => T | null): T[] {
  return values.map(decode).filter((decoded): decoded is T => decoded !== null);
}
