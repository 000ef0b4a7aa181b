import { Network } from 'lucide-react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { AppState, BackbonesState, Download } from '../../state/app-state.ts';
import { LiveText } from '../../ui/LiveText.tsx';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { useApp } from '../use-app.tsx';
import { BackboneList } from './BackboneList.tsx';
import styles from './DeviceChip.module.css';
import { downloadRatio, stageText } from './download-text.ts';

const selectBackbones = (state: AppState) => state.backbones;

function loadingText(progress: Download): string {
  const ratio = downloadRatio(progress);
  return ratio === null ? stageText(progress.stage) : `Loading ${Math.floor(ratio * 100)}\u00a0%`;
}

function chipText({ loading, current, entries }: BackbonesState): string {
  if (current !== null) return current.name;
  if (loading !== null) return loadingText(loading.progress);
  return entries.length === 0 ? 'Looking for backbones' : 'Choose a backbone';
}

/** What is fetched while another network is in use: a thin bar along the chip and its share. */
function Fetching({ progress }: { readonly progress: Download }) {
  const ratio = downloadRatio(progress);
  return (
    <>
      <span className={styles.speed}>next: {loadingText(progress).toLowerCase()}</span>
      <span className={styles.fetched} style={{ width: `${(ratio ?? 1) * 100}%` }} aria-hidden="true" />
    </>
  );
}

/** The pretrained network in use; opens the list of all. */
export function BackboneChip() {
  const backbones = useApp(selectBackbones);
  const { current, loading } = backbones;
  const text = chipText(backbones);
  return (
    <>
      <LiveText text={loading === null ? `Backbone: ${text}` : 'Loading a backbone'} />
      <DialogTrigger>
        <AriaButton className={styles.chip ?? ''}>
          <Network aria-hidden="true" />
          <VisuallyHidden>Backbone: </VisuallyHidden>
          <span className={styles.backend}>{text}</span>
          {current !== null && loading !== null && <Fetching progress={loading.progress} />}
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
