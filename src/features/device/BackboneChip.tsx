import { Network } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { AppState, BackbonesState, Download } from '../../state/app-state.ts';
import { loadingOf } from '../../state/job-selectors.ts';
import type { JobProgress } from '../../state/jobs.ts';
import { LiveText } from '../../ui/LiveText.tsx';
import { VisuallyHidden } from '../../ui/VisuallyHidden.tsx';
import { useApp } from '../use-app.tsx';
import styles from './DeviceChip.module.css';
import { downloadRatio, stageText } from './download-text.ts';

// Fetched when first opened: the page is usable sooner without them.
const BackboneWindow = lazy(async () => ({ default: (await import('./BackboneWindow.tsx')).BackboneWindow }));
const OwnNetworkWindow = lazy(async () => ({ default: (await import('./OwnNetworkWindow.tsx')).OwnNetworkWindow }));

const selectBackbones = (state: AppState) => state.backbones;
const selectIsBringing = (state: AppState) => state.ownNetwork !== null;

function loadingText(progress: Download): string {
  const ratio = downloadRatio(progress);
  return ratio === null ? stageText(progress.stage) : `Loading ${Math.floor(ratio * 100)}\u00a0%`;
}

function chipText({ current, entries }: BackbonesState, loading: JobProgress['backbone']): string {
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
  const { current } = backbones;
  const loading = useApp(loadingOf);
  const isBringing = useApp(selectIsBringing);
  const [isOpen, setIsOpen] = useState(false);
  const text = chipText(backbones, loading);
  return (
    <>
      <LiveText text={loading === null ? `Backbone: ${text}` : 'Loading a backbone'} />
      <AriaButton className={styles.chip ?? ''} onPress={() => setIsOpen(true)}>
        <Network aria-hidden="true" />
        <VisuallyHidden>Backbone: </VisuallyHidden>
        <span className={styles.backend}>{text}</span>
        {current !== null && loading !== null && <Fetching progress={loading.progress} />}
      </AriaButton>
      <Suspense>
        {isBringing && <OwnNetworkWindow />}
        {isOpen && !isBringing && <BackboneWindow backbones={backbones} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </>
  );
}
