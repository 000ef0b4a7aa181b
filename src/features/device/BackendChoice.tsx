import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { DeviceState } from '../../state/app-state.ts';
import { backendName } from '../../ui/backend-names.ts';
import { useCommands } from '../use-app.tsx';
import styles from './BackendChoice.module.css';

const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
const AUTOMATIC = 'automatic';

/** What the probe said of one backend. */
function probeText(device: DeviceState, backend: string): string {
  const probe = device.probes.find((candidate) => candidate.backend === backend);
  if (probe === undefined || isUntried(probe)) return 'not tried';
  if (probe.probeMs === null) return probe.reason ?? 'does not start here';
  return `${probe.probeMs.toFixed(1)}\u00a0ms${probe.reason === null ? '' : `, ${probe.reason}`}`;
}

interface BackendChoiceProps {
  readonly device: DeviceState;
  /** A change would break off the run, so it waits. */
  readonly isTraining: boolean;
}

/** Chooses what to compute on; automatic takes the fastest of the probe. */
export function BackendChoice({ device, isTraining }: BackendChoiceProps) {
  const commands = useCommands();
  const chosen = device.chosenByUser ? device.backend : AUTOMATIC;

  function choose(value: string): void {
    void commands.chooseBackend(BACKENDS.find((backend) => backend === value) ?? null);
  }

  return (
    <RadioGroup value={chosen} onChange={choose} isDisabled={isTraining} className={styles.group ?? ''}>
      <Label className={styles.label ?? ''}>{isTraining ? 'Compute with (not while training)' : 'Compute with'}</Label>
      <Radio value={AUTOMATIC} className={styles.option ?? ''}>
        <span className={styles.mark} aria-hidden="true" />
        <span className={styles.name}>Fastest</span>
        <span className={styles.probe}>now {backendName(device.backend)}</span>
      </Radio>
      {BACKENDS.map((backend) => (
        <Radio key={backend} value={backend} isDisabled={!works(device, backend)} className={styles.option ?? ''}>
          <span className={styles.mark} aria-hidden="true" />
          <span className={styles.name}>{backendName(backend)}</span>
          <span className={styles.probe}>{probeText(device, backend)}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

/** The engine tries only what it has to; its reason then begins so. */
function isUntried({ probeMs, reason }: DeviceState['probes'][number]): boolean {
  return probeMs === null && (reason?.startsWith('Not tried') ?? false);
}

/** A backend that was not tried may still be chosen: the engine says if it does not start. */
function works(device: DeviceState, backend: string): boolean {
  const probe = device.probes.find((candidate) => candidate.backend === backend);
  return probe === undefined || probe.probeMs !== null || isUntried(probe);
}
