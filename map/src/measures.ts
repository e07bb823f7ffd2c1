// How large a lane, a card and a row are drawn, after the room there is.
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Measures {
  /** From one lane to the next, and the width of a card in it. */
  readonly pitch: number;
  readonly card: number;
  /** Of a card, and from one row to the next. */
  readonly height: number;
  readonly step: number;
}

const GAP = 14;
const NARROWEST = 118;
const WIDEST = 184;
const HEIGHT = 64;
const STEP = 84;
/** Below this width lanes stand below each other; styles/map.css says the same. */
const LIST_BELOW = 720;

/** Whether lanes stand below each other and an open tool covers the page. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(innerWidth < LIST_BELOW);
  useLayoutEffect(() => {
    const look = () => setNarrow(innerWidth < LIST_BELOW);
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, []);
  return narrow;
}

export function useMeasures(frame: RefObject<HTMLElement | null>, lanes: number): Measures & { readonly list: boolean } {
  const [width, setWidth] = useState(0);
  const list = useNarrow();
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  const card = Math.max(NARROWEST, Math.min(WIDEST, Math.floor(width / Math.max(1, lanes)) - GAP));
  return { pitch: card + GAP, card, height: HEIGHT, step: STEP, list };
}
