import type { PartCounts } from '../../domain/count-parts.ts';
import { type FineTuneCost as Cost, type FineTuningEstimate, fineTuneCost } from '../../domain/fine-tune-cost.ts';
import { trainViewCount } from '../../domain/fine-tune-rows.ts';
import { headFor, type TrainingSettings } from '../../domain/settings.ts';
import { countOf, durationText, sizeText } from '../../ui/number-text.ts';
import { useFineTuningEstimate } from '../use-fine-tuning-estimate.ts';
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
  const estimate = useFineTuningEstimate({ backboneId, stageCount, settings });
  if (imageCount === 0) return null;
  if (parts.validation === 0) {
    return (
      <p className={styles.note}>
        Fine-tuning needs validation images to tell whether it helps. Raise their share under Data split and images.
      </p>
    );
  }
  if (estimate === null) return <p className={styles.note}>Estimating what this takes.</p>;
  const cost = fineTuneCost(estimate, settings, parts);
  return (
    <>
      <p className={styles.note}>
        A guess: about {durationText(cost.seconds)} on this device if no epoch is left out.{' '}
        {preparingText(cost, imageCount)}, then {durationText(cost.epochSeconds)} for each of{' '}
        {countOf(settings.fineTuneEpochs, 'epoch')}. What the frozen part gives for{' '}
        {keptText(imageCount, cost.rowCount)} is kept meanwhile: {sizeText(cost.keptBytes)}.
      </p>
      {trainViewCount(settings) > 0 && <ViewShare estimate={estimate} settings={settings} parts={parts} />}
      {settings.mixup > 0 && headFor(settings) === 'network' && (
        <p className={styles.note}>Mixup blends images only while the head is trained, not while the stages are.</p>
      )}
    </>
  );
}

function preparingText({ preparingSeconds, rowCount }: Cost, imageCount: number): string {
  const views = rowCount === imageCount ? '' : 'make the views and ';
  return `${durationText(preparingSeconds)} to ${views}run the frozen part once`;
}

/** "500 images", "500 images and 1,400 changed views". */
function keptText(imageCount: number, rowCount: number): string {
  const images = countOf(imageCount, 'image');
  return rowCount === imageCount ? images : `${images} and ${countOf(rowCount - imageCount, 'changed view')}`;
}

interface ViewShareProps extends Pick<FineTuneCostProps, 'settings' | 'parts'> {
  readonly estimate: FineTuningEstimate;
}

/** What the views of the training images do, and what it would cost without them. */
function ViewShare({ estimate, settings, parts }: ViewShareProps) {
  const without = fineTuneCost(estimate, { ...settings, augment: 'off' }, parts);
  return (
    <p className={styles.note}>
      The stages learn from every training image and its {countOf(trainViewCount(settings), 'changed view')} each epoch.
      Without augmentation it would be about {durationText(without.seconds)} and {sizeText(without.keptBytes)}.
    </p>
  );
}
