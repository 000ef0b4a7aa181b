import { Network } from 'lucide-react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { AppState, BackbonesState } from '../../state/app-state.ts';
import { LiveText } from '../../ui/LiveText.tsx';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { useApp } from '../use-app.tsx';
import { BackboneList } from './BackboneList.tsx';
import styles from './DeviceChip.module.css';
import { stageText } from './download-text.ts';

const selectBackbones = (state: AppState) => state.backbones;

function chipText({ loading, current, entries }: BackbonesState): string {
  if (loading !== null) {
    const { loadedBytes, totalBytes, stage } = loading.progress;
    const hasShare = stage === 'downloading' && totalBytes > 0;
    return hasShare ? `Loading ${Math.floor((loadedBytes / totalBytes) * 100)}\u00a0%` : stageText(stage);
  }
  if (current !== null) return current.name;
  return entries.length === 0 ? 'Looking for backbones' : 'Choose a backbone';
}

/** The pretrained network in use; opens the list of all. */
export function BackboneChip() {
  const backbones = useApp(selectBackbones);
  const text = chipText(backbones);
  return (
    <>
      <LiveText text={backbones.loading === null ? `Backbone: ${text}` : 'Loading a backbone'} />
      <DialogTrigger>
        <AriaButton className={styles.chip ?? ''}>
          <Network aria-hidden="true" />
          <VisuallyHidden>Backbone: </VisuallyHidden>
          <span className={styles.backend}>{text}</span>
        </AriaButton>
        <Popover placement="bottom end" offset={6} className={styles.popover ?? ''}>
          <Dialog aria-label="Backbone" className={styles.dialog ?? ''}>
            <BackboneList backbones={backbones} />
          </Dialog>
        </Popover>
      </DialogTrigger>
    </>
  );
}
