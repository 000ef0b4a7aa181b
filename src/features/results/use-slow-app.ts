import { useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import type { AppState } from '../../state/app-state.ts';
import { AppContext } from '../use-app.tsx';

/** Four redraws a second are as many as an eye follows, and leave the page free for the rest. */
const REDRAW_MS = 250;

/**
 * Like `useApp`, but at most four times a second: the first change shows at once, later ones wait for their turn and the last one
 * is always shown.
 */
export function useSlowApp<T>(selector: (state: AppState) => T): T {
  const app = useContext(AppContext);
  if (app === null) throw new Error('AppContext is missing above this component');
  const { store } = app;
  const shown = useRef<AppState>(store.getState());

  const subscribe = useCallback(
    (redraw: () => void) => {
      let waiting: ReturnType<typeof setTimeout> | null = null;
      const pass = () => {
        shown.current = store.getState();
        redraw();
      };
      const settle = () => {
        waiting = null;
        if (shown.current === store.getState()) return;
        pass();
        waiting = setTimeout(settle, REDRAW_MS);
      };
      const unsubscribe = store.subscribe(() => {
        if (waiting !== null) return;
        pass();
        waiting = setTimeout(settle, REDRAW_MS);
      });
      pass();
      return () => {
        unsubscribe();
        if (waiting !== null) clearTimeout(waiting);
      };
    },
    [store],
  );
  return useSyncExternalStore(subscribe, () => selector(shown.current));
}
