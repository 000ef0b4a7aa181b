import type { AppState, DeviceState, EngineState } from '../../state/app-state.ts';
import { backendName } from '../../ui/backend-names.ts';
import { Notice } from '../../ui/Notice.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useApp } from '../use-app.tsx';
import { BackendChoice } from './BackendChoice.tsx';
import styles from './DeviceDetails.module.css';

const selectIsTraining = (state: AppState) => state.training.kind !== 'idle' && state.training.kind !== 'failed';

/** One sentence: what computes, on what. */
function deviceText({ backend, adapter, softwareAdapter, threadCount }: DeviceState): string {
  const threads = backend === 'wasm' ? ` with ${countOf(threadCount, 'thread')}` : '';
  const where = adapter === '' ? '' : ` on ${adapter}`;
  const software = softwareAdapter ? ' (an imitation of a graphics card in software)' : '';
  return `${backendName(backend)}${threads}${where}${software}`;
}

/** What the device chip opens. */
export function DeviceDetails({ engine }: { readonly engine: EngineState }) {
  const isTraining = useApp(selectIsTraining);
  if (engine.kind === 'starting') return <p>Trying out what this device computes on fastest.</p>;
  if (engine.kind === 'restarting') {
    return (
      <Notice tone="warning" title="The engine is restarting">
        {engine.reason} Your images and models are kept.
      </Notice>
    );
  }
  if (engine.kind === 'failed') {
    return (
      <Notice tone="error" title="The engine could not start">
        {engine.message}
      </Notice>
    );
  }
  return (
    <div className={styles.details}>
      <div>
        <h2 className={styles.title}>Computing on this device</h2>
        <p className={styles.device}>{deviceText(engine.device)}</p>
      </div>
      <BackendChoice device={engine.device} isTraining={isTraining} />
      <p className={styles.note}>
        The times are of a small test network, measured when the page opened. A change reloads the backbone; nothing is
        lost.
      </p>
    </div>
  );
}
