import { expect, it } from 'vitest';
import { scrollToRow, visibleRows } from './visibleRows';

it('draws the rows in sight and a few around them, however many there are', () => {
  expect(visibleRows(10_000, 50, 5000, 500)).toEqual({ first: 94, end: 116 });
});

it('draws all rows of a short list', () => {
  expect(visibleRows(3, 50, 0, 500)).toEqual({ first: 0, end: 3 });
});

it('draws nothing beyond the end after a list became shorter', () => {
  expect(visibleRows(2, 50, 5000, 500)).toEqual({ first: 2, end: 2 });
});

it('scrolls no further than needed to show a row', () => {
  expect([scrollToRow(0, 50, 200, 300), scrollToRow(5, 50, 200, 300), scrollToRow(20, 50, 200, 300)]).toEqual([0, 200, 750]);
});
