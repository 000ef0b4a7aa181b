import { type BaselineScore, baselineRatio, trainingGainText } from '../domain/before-training.ts';
import { HelpTip } from '../ui/HelpTip.tsx';
import { percentText } from '../ui/number-text.ts';
import styles from './BeforeTrainingLine.module.css';

/** What the features gave before anything was trained, beside the trained score; nothing where it was not judged. */
export function BeforeTrainingLine({ score }: { readonly score: BaselineScore | null }) {
  if (score === null) return null;
  return (
    <p>
      Before any training: {percentText(baselineRatio(score))}. {trainingGainText(score)}{' '}
      <span className={styles.help}>
        <HelpTip about="Before any training">
          What the network knows by itself: each image is called after the class whose training images it is nearest to
          on average. Nothing is learnt for it, so it is what training has to beat.
        </HelpTip>
      </span>
    </p>
  );
}
