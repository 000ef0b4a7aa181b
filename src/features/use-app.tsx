import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Commands } from '../commands/commands.ts';
import type { AppState } from '../state/app-state.ts';
import type { AppStore } from '../state/store.ts';

interface App {
  readonly store: AppStore;
  readonly commands: Commands;
}

/** Filled by `main.tsx`; tests fill it with a store in a known state. */
export const AppContext = createContext<App | null>(null);

function useAppContext(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('AppContext is missing above this component');
  return app;
}

/** Reads the store through a selector; re-renders only when the selected value changes. */
export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useAppContext().store, selector);
}

export function useCommands(): Commands {
  return useAppContext().commands;
}
