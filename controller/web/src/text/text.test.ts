import { describe, expect, it } from 'vitest';
import { badEndSentence, executionLook } from './executions';
import { count, energy, latency, percent, rate, withoutTrailingZeros } from './figures';
import { ago, span, took } from './times';

it.each([
  [null, '–'],
  [0, '0 mJ'],
  [1.819, '1.82 mJ'],
  [0.0941, '0.094 mJ'],
  [0.0031, '3.10 µJ'],
  [0.000_002, '2.00 nJ'],
  [61.02, '61.0 mJ'],
  [2500, '2.50 J'],
])('%s millijoules read "%s"', (value, words) => expect(energy(value)).toBe(words));

it.each([
  [null, '–'],
  [0, '0.000 ms'],
  [0.0042, '4.20 µs'],
  [9.4, '9.40 ms'],
  [123.4, '123 ms'],
])('%s milliseconds read "%s"', (value, words) => expect(latency(value)).toBe(words));

it('an axis says no more digits than it needs', () => {
  expect(['5.00 ms', '1.25 mJ', '10.0 ms', '100 %', '2.50 J'].map(withoutTrailingZeros)).toEqual(['5 ms', '1.25 mJ', '10 ms', '100 %', '2.5 J']);
});

it('counts are grouped and rates keep one digit while they are small', () => {
  expect([count(12345), count(null), rate(6), rate(5123.4), percent(49.6)]).toEqual(['12,345', '–', '6.0', '5,123', '50 %']);
});

it('ages are said in one unit', () => {
  expect([0, 45_000, 200_000, 8_000_000, 200_000_000].map(span)).toEqual(['0 s', '45 s', '3 min', '2 h', '2 d']);
  expect([ago(null, 5), ago(9000, 10_000), ago(1000, 10_000), took(4230)]).toEqual(['never', 'now', '9 s ago', '4.2 s']);
});

describe('an execution', () => {
  it('in the middle of its download is between two steps', () => {
    expect(executionLook('Downloading', 50)).toEqual({ label: 'Downloading 50 %', tone: 'working', stepsDone: 2.5 });
  });

  it('is named whatever the case of the wire', () => {
    expect(executionLook('committed', null)).toMatchObject({ label: 'Committed', tone: 'good', stepsDone: 8 });
    expect(executionLook('RolledBack', null)).toMatchObject({ label: 'Rolled back', tone: 'bad' });
  });

  it("of a bad end has the device's sentence, or the meaning of the state", () => {
    expect(badEndSentence('Rejected', 'The signature is not from a trusted key.')).toBe('The signature is not from a trusted key.');
    expect(badEndSentence('TimedOut', null)).toBe('The deadline passed before the device was done.');
    expect(badEndSentence('Trial', null)).toBeNull();
  });

  it('in a state this page does not know is shown by its name', () => {
    expect(executionLook('Defragmenting', null)).toMatchObject({ label: 'Defragmenting', tone: 'working', stepsDone: 0 });
  });
});
