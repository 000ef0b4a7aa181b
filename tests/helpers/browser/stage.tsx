import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { Commands } from '../../../src/commands/commands.ts';
import { AppContext } from '../../../src/features/use-app.tsx';
import type { AppState } from '../../../src/state/app-state.ts';
import { type AppStore, createAppStore } from '../../../src/state/store.ts';
import '../../../src/app/theme.css';

interface RecordedCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Commands that note what they were asked; answers given in `overrides` are used as they are. */
export function recordingCommands(overrides: Partial<Commands> = {}) {
  const calls: RecordedCall[] = [];
  const answer = (name: string) => {
    const own: unknown = Reflect.get(overrides, name);
    return (...args: unknown[]) => {
      calls.push({ name, args });
      if (name === 'thumbnailUrl' && own === undefined) return sampleThumbnail(String(args[0]));
      if (name === 'downloadSize' && own === undefined) return Promise.resolve(13_500_000);
      return typeof own === 'function' ? Reflect.apply(own, undefined, args) : Promise.resolve();
    };
  };
  // A stub of fifty commands that all do the same: a proxy cannot be typed without the cast.
  const made = new Map<string, unknown>();
  const answerOnce = (name: string) => {
    if (!made.has(name)) made.set(name, answer(name));
    return made.get(name);
  };
  const commands = new Proxy({}, { get: (_, name) => answerOnce(String(name)) }) as Commands;
  return { commands, calls, named: (name: string) => calls.filter((call) => call.name === name) };
}

/** A small drawing whose hue follows the hash. */
function sampleThumbnail(hash: string): string {
  const hue = [...hash].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 144 144"><rect width="144" height="144" fill="hsl(${hue} 30% 72%)"/><circle cx="72" cy="72" r="40" fill="hsl(${hue} 60% 45%)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export interface Stage {
  readonly store: AppStore;
  readonly element: HTMLElement;
  readonly leave: () => void;
}

/**
 * Puts a part of the page on an empty document, in a state. Leave it before the next one.
 *
 * @param around `div` for the whole page, which brings its own `<main>`.
 */
export function onStage(
  content: ReactNode,
  state: AppState,
  commands: Commands,
  around: 'main' | 'div' = 'main',
): Stage {
  const store = createAppStore(state);
  const element = document.createElement(around);
  document.body.append(element);
  const root = createRoot(element);
  flushSync(() => root.render(<AppContext value={{ store, commands }}>{content}</AppContext>));
  return {
    store,
    element,
    leave: () => {
      root.unmount();
      element.remove();
    },
  };
}
