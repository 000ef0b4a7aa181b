import { Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import type { Dataset } from '../../domain/dataset.ts';
import { mistakes } from '../../domain/metrics/predicted.ts';
import { isOpenedRun, type Predictions, type Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun, useModelIsOld } from '../use-current-run.ts';
import { JudgedGrid } from './JudgedGrid.tsx';
import { type JudgedImage, judgeImages } from './judged-image.ts';
import styles from './MistakesTab.module.css';
import { OpenedModel } from './OpenedModel.tsx';

const selectArtifacts = (state: AppState) => state.artifacts;
const selectDataset = (state: AppState) => state.project?.dataset ?? null;

/** Held-out images the model gets wrong, the surest mistake first: often the label is what is wrong. */
export function MistakesTab() {
  const run = useCurrentRun();
  const artifacts = useApp(selectArtifacts);
  const dataset = useApp(selectDataset);
  if (run === null || dataset === null) {
    return (
      <EmptyState title="No mistakes to show yet">
        Train a model: the held-out images it gets wrong appear here, and you can correct wrong labels on the spot.
      </EmptyState>
    );
  }
  if (isOpenedRun(run)) return <OpenedModel />;
  if (artifacts === null || artifacts.runId !== run.id)
    return <EmptyState title={`Opening the results of ${run.name}`} />;
  return <Mistakes key={run.id} run={run} predictions={artifacts.predictions} dataset={dataset} />;
}

/** Mistakes on the two held-out parts together, the most certain first. */
function heldOutMistakes(predictions: Predictions, run: Run, dataset: Dataset): readonly JudgedImage[] {
  const both = [...mistakes(predictions, 'test'), ...mistakes(predictions, 'validation')];
  return judgeImages(
    both.sort((a, b) => b.confidenceRatio - a.confidenceRatio),
    run,
    dataset,
  );
}

interface MistakesProps {
  readonly run: Run;
  readonly predictions: Predictions;
  readonly dataset: Dataset;
}

function Mistakes({ run, predictions, dataset }: MistakesProps) {
  const isOld = useModelIsOld();
  const images = useMemo(() => heldOutMistakes(predictions, run, dataset), [predictions, run, dataset]);
  const heldOutCount = predictions.parts.filter((part) => part !== 'train').length;
  if (heldOutCount === 0) {
    return (
      <EmptyState title="No held-out images">
        This run kept no images aside for validation or test, so there is nothing to check it on. Raise their share
        under Train, Data split, and train again.
      </EmptyState>
    );
  }
  if (images.length === 0) {
    return <EmptyState title={`All ${countOf(heldOutCount, 'held-out image')} are right`} />;
  }
  return (
    <div className={styles.tab}>
      <header className={styles.head}>
        <h3>
          {countOf(images.length, 'mistake')} among {countOf(heldOutCount, 'held-out image')}
        </h3>
        <span className={styles.hint}>
          The surest mistakes come first: where the label is wrong, relabel moves the image to the predicted class.
          Every change can be undone.
        </span>
        {isOld && <Badge tone="warning">Older than the data</Badge>}
      </header>
      <JudgedGrid images={images} actions={(image) => <MistakeActions image={image} dataset={dataset} />} />
    </div>
  );
}

function MistakeActions({ image, dataset }: { readonly image: JudgedImage; readonly dataset: Dataset }) {
  const { moveImages, deleteImages } = useCommands();
  const { item, actual, predicted } = image;
  const current = dataset.classes.find((label) => label.id === item.classId);
  const target = dataset.classes.find((label) => label.id === predicted.id);
  if (item.classId !== actual.id) return <p className={styles.moved}>Now in {current?.name ?? 'another class'}</p>;
  return (
    <div className={styles.actions}>
      {target !== undefined && (
        <Button
          variant="secondary"
          size="small"
          aria-label={`Relabel ${item.name} as ${target.name}`}
          onPress={() => moveImages([item.id], target.id)}
        >
          Relabel
        </Button>
      )}
      <IconButton
        size="small"
        label={`Delete ${item.name}`}
        icon={<Trash2 />}
        onPress={() => deleteImages([item.id])}
      />
    </div>
  );
}
