import type { NoticeTone } from '../state/app-state.ts';
import type { AppStore } from '../state/store.ts';
import { errorText, isAbort } from './error-text.ts';

let nextNoticeId = 1;
const NOTICES_KEPT = 4;

/** Shows one message: what happened, what was kept, what to do. The oldest give way. */
export function notify(store: AppStore, tone: NoticeTone, title: string, detail = ''): void {
  const notice = { id: nextNoticeId, tone, title, detail };
  nextNoticeId += 1;
  store.setState((state) => {
    const others = state.notices.filter((other) => other.title !== title || other.detail !== detail);
    return { notices: [...others, notice].slice(-NOTICES_KEPT) };
  });
}

/** Reports a failure in plain words; a cancelled act is not one. */
export function reportFailure(store: AppStore, error: unknown): void {
  if (isAbort(error)) return;
  const { title, advice } = errorText(error);
  notify(store, 'error', title, advice);
}

export function dismissNotice(store: AppStore, id: number): void {
  store.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}
