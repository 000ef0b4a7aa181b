import type { EngineStatus } from '../engine-client/engine-client.ts';
import type { AppStore } from '../state/store.ts';
import type { Session } from './context.ts';
import { notify } from './notices.ts';

/** Shows how the engine is. A new life has no head, so `classify` must bring one. */
export function followEngine(store: AppStore, session: Session, status: EngineStatus): void {
  store.setState({ engine: status });
  if (status.kind === 'ready') return;
  session.headOnDevice = null;
  if (status.kind === 'restarting') {
    notify(
      store,
      'warning',
      'The engine stopped and is starting again.',
      `Your images, labels and runs are kept. (${status.reason})`,
    );
  }
}
