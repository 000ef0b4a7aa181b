import type { BackboneReport } from '../../domain/backbone.ts';
import type { AppState, DeviceState, EngineState } from '../../state/app-state.ts';
import { isLearning } from '../../state/job-selectors.ts';
import { backendName } from '../../ui/backend-names.ts';
import { Notice } from '../../ui/Notice.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useApp } from '../use-app.tsx';
import { BackendChoice } from './BackendChoice.tsx';
import styles from './DeviceDetails.module.css';

const selectBackbone = (state: AppState) => state.backbones.current;

/** One sentence: what computes, on what. */
function deviceText({ backend, adapter, softwareAdapter, threadCount }: DeviceState): string {
  const threads = backend === 'wasm' ? ` with ${countOf(threadCount, 'thread')}` : '';
  const where = adapter === '' ? '' : ` on ${adapter}`;
  const software = softwareAdapter ? ' (an imitation of a graphics card in software)' : '';
  return `${backendName(backend)}${threads}${where}${software}`;
}

/** How fast the network in use is, and how that is known. */
function speedText({ name, millisecondsPerImage: ms, speedMeasured }: BackboneReport): string {
  const speed = `${name}: ${ms < 10 ? ms.toFixed(1) : Math.round(ms)}\u00a0ms an image`;
  if (speedMeasured === undefined) return `${speed}.`;
  const { batchSize, isFromEarlier } = speedMeasured;
  const batches = batchSize === 1 ? 'one by one' : `in batches of ${batchSize}`;
  const when = isFromEarlier ? 'when it was first loaded here, and remembered since' : 'when it was loaded just now';
  return `${speed} ${batches}, measured ${when}.`;
}

/** What the device chip opens. */
export function DeviceDetails({ engine }: { readonly engine: EngineState }) {
  const isTraining = useApp(isLearning);
  const backbone = useApp(selectBackbone);
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
      {backbone !== null && <p className={styles.note}>{speedText(backbone)}</p>}
      <BackendChoice device={engine.device} isTraining={isTraining} />
      <p className={styles.note}>
        The times in this list are of a small test network, measured when the page opened. A change reloads the
        backbone; nothing is lost.
      </p>
    </div>
  );
}
