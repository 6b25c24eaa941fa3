/** Rows to draw: from the first to before the last. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Rows drawn beyond the visible ones on either side, so that scrolling shows no blank. */
const margin = 6;

/** The rows of a long list that a person can see, and a few around them. Heights in pixels. */
export function visibleRows(total: number, rowHeight: number, scrollTop: number, viewHeight: number): RowRange {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const end = Math.min(total, Math.ceil((scrollTop + viewHeight) / rowHeight) + margin);
  return { first: Math.min(first, total), end };
}

/** Scroll position that brings a row into sight, moving as little as needed. Pixels. */
export function scrollToRow(index: number, rowHeight: number, scrollTop: number, viewHeight: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + viewHeight ? top + rowHeight - viewHeight : scrollTop;
}
