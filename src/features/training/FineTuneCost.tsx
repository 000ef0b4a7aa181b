import { useEffect, useState } from 'react';
import type { FineTuningEstimate } from '../../commands/estimate-fine-tuning.ts';
import { fineTuneRowCount, trainViewCount } from '../../domain/fine-tune-rows.ts';
import type { TrainingSettings } from '../../domain/settings.ts';
import { countOf, durationText, sizeText } from '../../ui/number-text.ts';
import type { PartCounts } from '../count-parts.ts';
import { useCommands } from '../use-app.tsx';
import styles from './Augmentation.module.css';

interface FineTuneCostProps {
  readonly settings: TrainingSettings;
  /** The network it is about. */
  readonly backboneId: string;
  readonly stageCount: number;
  readonly parts: PartCounts;
}

/** What fine-tuning would keep and take, before Train; a guess, and called so. */
export function FineTuneCost({ settings, backboneId, stageCount, parts }: FineTuneCostProps) {
  const imageCount = parts.train + parts.validation + parts.test;
  const rowCount = fineTuneRowCount(settings, parts);
  const estimate = useEstimate(backboneId, stageCount, rowCount);
  if (imageCount === 0) return null;
  if (parts.validation === 0) {
    return (
      <p className={styles.note}>
        Fine-tuning needs validation images to tell whether it helps. Raise their share under Data split and images.
      </p>
    );
  }
  if (estimate === null) return <p className={styles.note}>Estimating what this takes.</p>;
  const viewCount = trainViewCount(settings);
  const cost = costOf(estimate, settings, parts, viewCount);
  return (
    <>
      <p className={styles.note}>
        A guess: about {durationText(cost.seconds)} on this device if no epoch is left out.{' '}
        {durationText(estimate.preparingSeconds)} to run the frozen part once, then {durationText(cost.epochSeconds)}{' '}
        for each of {countOf(settings.fineTuneEpochs, 'epoch')}. What the frozen part gives for{' '}
        {keptText(imageCount, rowCount)} is kept meanwhile: {sizeText(estimate.keptBytes)}.
      </p>
      {viewCount > 0 && <ViewShare estimate={estimate} settings={settings} parts={parts} viewCount={viewCount} />}
      {settings.mixup > 0 && (
        <p className={styles.note}>Mixup blends images only while the head is trained, not while the stages are.</p>
      )}
    </>
  );
}

/** "500 images", "500 images and 1,400 changed views". */
function keptText(imageCount: number, rowCount: number): string {
  const images = countOf(imageCount, 'image');
  return rowCount === imageCount ? images : `${images} and ${countOf(rowCount - imageCount, 'changed view')}`;
}

interface ViewShareProps extends Pick<FineTuneCostProps, 'settings' | 'parts'> {
  readonly estimate: FineTuningEstimate;
  readonly viewCount: number;
}

/** What the views of the training images do, and what it would cost without them. */
function ViewShare({ estimate, settings, parts, viewCount }: ViewShareProps) {
  const share = fineTuneRowCount({ ...settings, augment: 'off' }, parts) / fineTuneRowCount(settings, parts);
  const { keptBytes, preparingSeconds } = estimate;
  const without = costOf({ ...estimate, preparingSeconds: preparingSeconds * share }, settings, parts, 0);
  return (
    <p className={styles.note}>
      The stages learn from every training image and its {countOf(viewCount, 'changed view')} each epoch. Without
      augmentation it would be about {durationText(without.seconds)} and {sizeText(keptBytes * share)}.
    </p>
  );
}

/** Seconds of all of it, and of one epoch of the stages. */
function costOf(
  { preparingSeconds, stepMsPerImage, judgeMsPerImage }: FineTuningEstimate,
  { fineTuneEpochs }: TrainingSettings,
  parts: PartCounts,
  viewCount: number,
): { readonly seconds: number; readonly epochSeconds: number } {
  const learntCount = (viewCount + 1) * parts.train;
  const epochSeconds = (learntCount * stepMsPerImage + parts.validation * judgeMsPerImage) / 1000;
  return { seconds: preparingSeconds + fineTuneEpochs * epochSeconds, epochSeconds };
}

/** The estimate for the choice as it is now; null until there is one. */
function useEstimate(backboneId: string, stageCount: number, rowCount: number): FineTuningEstimate | null {
  const { estimateFineTuning } = useCommands();
  const key = [backboneId, stageCount, rowCount].join(' ');
  const [found, setFound] = useState<{ readonly key: string; readonly estimate: FineTuningEstimate | null } | null>(
    null,
  );
  useEffect(() => {
    let isWanted = true;
    void estimateFineTuning(stageCount, rowCount).then((estimate) => {
      if (isWanted) setFound({ key, estimate });
    });
    return () => {
      isWanted = false;
    };
  }, [estimateFineTuning, key, stageCount, rowCount]);
  // The last one stays while another is made, so that nothing jumps; that of another network is wrong.
  return found?.key.startsWith(`${backboneId} `) === true ? found.estimate : null;
}
