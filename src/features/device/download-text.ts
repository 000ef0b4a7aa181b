import type { Download } from '../../state/app-state.ts';
import { sizeText } from '../../ui/number-text.ts';

const STAGES: Readonly<Record<Download['stage'], string>> = {
  downloading: 'Loading',
  checking: 'Checking',
  folding: 'Preparing',
  'warming-up': 'Warming up',
};

export function stageText(stage: Download['stage']): string {
  return STAGES[stage];
}

/** "3.2 MB of 14.1 MB" while the size is known. */
export function downloadedText({ loadedBytes, totalBytes }: Download): string {
  return totalBytes > 0 ? `${sizeText(loadedBytes)} of ${sizeText(totalBytes)}` : sizeText(loadedBytes);
}

/** 0-1 while downloading with a known size; null for the stages after it. */
export function downloadRatio({ stage, loadedBytes, totalBytes }: Download): number | null {
  return stage === 'downloading' && totalBytes > 0 ? loadedBytes / totalBytes : null;
}
