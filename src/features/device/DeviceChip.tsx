import { Cpu } from 'lucide-react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { AppState, EngineState } from '../../state/app-state.ts';
import { backendName } from '../../ui/backend-names.ts';
import { classNames } from '../../ui/class-names.ts';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { useApp } from '../use-app.tsx';
import styles from './DeviceChip.module.css';
import { DeviceDetails } from './DeviceDetails.tsx';

const selectEngine = (state: AppState) => state.engine;
const selectMsPerImage = (state: AppState) => state.backbones.current?.millisecondsPerImage ?? null;

/** Two digits say enough: "8.4 ms", "18 ms". */
function msText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)}\u00a0ms an image`;
}

function chipText(engine: EngineState): string {
  switch (engine.kind) {
    case 'starting':
      return 'Starting';
    case 'restarting':
      return 'Restarting';
    case 'failed':
      return 'Engine stopped';
    case 'ready':
      return backendName(engine.device.backend);
  }
}

/** What the page computes on and how fast, measured here; opens the details and the choice. */
export function DeviceChip() {
  const engine = useApp(selectEngine);
  const msPerImage = useApp(selectMsPerImage);
  return (
    <DialogTrigger>
      <AriaButton className={styles.chip ?? ''}>
        <Cpu aria-hidden="true" />
        <VisuallyHidden>Device: </VisuallyHidden>
        <span className={classNames(styles.backend, engine.kind === 'failed' && styles.failed)}>
          {chipText(engine)}
        </span>
        {engine.kind === 'ready' && msPerImage !== null && <span className={styles.speed}>{msText(msPerImage)}</span>}
      </AriaButton>
      <Popover placement="bottom end" offset={6} className={styles.popover ?? ''}>
        <Dialog aria-label="Device" className={styles.dialog ?? ''}>
          <DeviceDetails engine={engine} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
