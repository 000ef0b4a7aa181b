import { useEffect, useState } from 'react';
import type { FineTuningEstimate } from '../../commands/estimate-fine-tuning.ts';
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
  /** All images of the project. */
  readonly imageCount: number;
  readonly parts: PartCounts;
}

/** What fine-tuning would keep and take, before Train; a guess, and called so. */
export function FineTuneCost({ settings, backboneId, stageCount, imageCount, parts }: FineTuneCostProps) {
  const estimate = useEstimate(backboneId, stageCount, imageCount);
  const { fineTuneEpochs, augment, augmentViews } = settings;
  if (imageCount === 0) return null;
  if (parts.validation === 0) {
    return (
      <p className={styles.note}>
        Fine-tuning needs validation images to tell whether it helps. Raise their share under Data split and images.
      </p>
    );
  }
  if (estimate === null) return <p className={styles.note}>Estimating what this takes.</p>;
  const { keptBytes, preparingSeconds, stepMsPerImage, judgeMsPerImage } = estimate;
  const epochSeconds = (parts.train * stepMsPerImage + parts.validation * judgeMsPerImage) / 1000;
  return (
    <>
      <p className={styles.note}>
        A guess: about {durationText(preparingSeconds + fineTuneEpochs * epochSeconds)} on this device if no epoch is
        left out. {durationText(preparingSeconds)} to run the frozen part once, then {durationText(epochSeconds)} for
        each of {countOf(fineTuneEpochs, 'epoch')}. What the frozen part gives for {countOf(imageCount, 'image')} is
        kept meanwhile: {sizeText(keptBytes)}.
      </p>
      {augment !== 'off' && (
        <p className={styles.note}>
          The {countOf(augmentViews, 'changed view')} of each training image teach the head. The stages learn from the
          images as they are, so one view of each is kept.
        </p>
      )}
    </>
  );
}

/** The estimate for the choice as it is now; null until there is one. */
function useEstimate(backboneId: string, stageCount: number, imageCount: number): FineTuningEstimate | null {
  const { estimateFineTuning } = useCommands();
  const key = [backboneId, stageCount, imageCount].join(' ');
  const [found, setFound] = useState<{ readonly key: string; readonly estimate: FineTuningEstimate | null } | null>(
    null,
  );
  useEffect(() => {
    let isWanted = true;
    void estimateFineTuning(stageCount, imageCount).then((estimate) => {
      if (isWanted) setFound({ key, estimate });
    });
    return () => {
      isWanted = false;
    };
  }, [estimateFineTuning, key, stageCount, imageCount]);
  // The last one stays while another is made, so that nothing jumps; that of another network is wrong.
  return found?.key.startsWith(`${backboneId} `) === true ? found.estimate : null;
}
