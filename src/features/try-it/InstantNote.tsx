import type { AppState } from '../../state/app-state.ts';
import { Notice } from '../../ui/Notice.tsx';
import { countOf, countText, percentText } from '../../ui/number-text.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './InstantNote.module.css';

const selectInstant = (state: AppState) => state.instant;
const selectIsOn = (state: AppState) => state.project?.answersWhileAdding ?? false;

/** Fewer are prepared before a bar could be read. */
const SHOWN_FROM_IMAGES = 8;

/** Says that class averages answer, from how many images, and how good they are; with the switch that keeps them current. */
export function InstantNote() {
  const instant = useApp(selectInstant);
  const isOn = useApp(selectIsOn);
  const { answerWhileAdding } = useCommands();
  return (
    <div className={styles.note}>
      <div className={styles.words}>
        <Words instant={instant} />
      </div>
      <Switch
        label="Answer while I add images"
        isOn={isOn}
        onChange={answerWhileAdding}
        help="Prepares new images in the background, so that the answer always knows all of them. It waits while something else uses the device. Training uses the same work again."
      />
    </div>
  );
}

function Words({ instant }: { readonly instant: AppState['instant'] }) {
  const { model, preparing, problem } = instant ?? { model: null, preparing: null, problem: null };
  if (problem !== null) {
    return (
      <Notice tone="warning" title="No answer without training for now">
        {problem}
      </Notice>
    );
  }
  if (preparing !== null && preparing.totalCount >= SHOWN_FROM_IMAGES) {
    const { doneCount, totalCount } = preparing;
    return (
      <ProgressBar
        label="Preparing images to answer"
        ratio={doneCount / totalCount}
        detail={`${countText(doneCount)} of ${countText(totalCount)}`}
      />
    );
  }
  if (model === null) {
    return (
      <p>Nothing is trained yet. Try an image anyway: averages of each class answer, from one image a class on.</p>
    );
  }
  const { imageCount, judgedCount, accuracyRatio } = model;
  return (
    <>
      <p>Answering from class averages of {countOf(imageCount, 'image')}. Train for a model that is tested.</p>
      {accuracyRatio !== null && (
        <p>
          Before any training: {percentText(accuracyRatio)} of {countOf(judgedCount, 'image')} right, each by averages
          made without it.
        </p>
      )}
    </>
  );
}
