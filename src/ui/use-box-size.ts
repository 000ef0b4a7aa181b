import { type RefObject, useCallback, useRef, useState } from 'react';

/** An element that is measured. */
interface BoxSize {
  /** Goes on the element. */
  readonly attach: (element: HTMLDivElement | null) => (() => void) | undefined;
  readonly element: RefObject<HTMLDivElement | null>;
  /** Inner size, px; zeros until it is laid out. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Follows the inner size of one element. */
export function useBoxSize(): BoxSize {
  const [size, setSize] = useState({ widthPx: 0, heightPx: 0 });
  const element = useRef<HTMLDivElement | null>(null);
  const attach = useCallback((attached: HTMLDivElement | null) => {
    element.current = attached;
    if (attached === null) return undefined;
    const observer = new ResizeObserver((entries) => {
      const box = entries.at(-1)?.contentRect;
      if (box === undefined) return;
      setSize((before) =>
        before.widthPx === box.width && before.heightPx === box.height
          ? before
          : { widthPx: box.width, heightPx: box.height },
      );
    });
    observer.observe(attached);
    return () => {
      observer.disconnect();
      element.current = null;
    };
  }, []);
  return { attach, element, ...size };
}
