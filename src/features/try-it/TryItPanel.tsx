import { useState } from 'react';
import { filledClassCount } from '../../commands/training-obstacle.ts';
import { isStoredBackbone } from '../../domain/backbone.ts';
import { hasNoModel } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { useApp } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import { InstantNote } from './InstantNote.tsx';
import { TryCamera } from './TryCamera.tsx';
import { TryFiles } from './TryFiles.tsx';
import { TryImage } from './TryImage.tsx';
import styles from './TryItPanel.module.css';
import type { TriedModel } from './tried-model.ts';

type Way = 'image' | 'camera' | 'files';

/** Stands for averages that were not asked for yet. */
const NOT_MADE = 'averages';

const selectProject = (state: AppState) => state.project;
const selectAverages = (state: AppState) => state.instant?.model ?? null;
const selectCanAnswer = ({ project }: AppState) => project !== null && filledClassCount(project.dataset) === 2;
const selectAnswersWhileAdding = ({ project }: AppState) => project?.answersWhileAdding ?? false;
const selectBackbone = (state: AppState) => state.backbones.current;

/** Shows something new to the current model, or before the first to class averages: one image, the camera, or a whole folder. */
export function TryItPanel() {
  const run = useCurrentRun();
  const backbone = useApp(selectBackbone);
  return (
    <Panel title="Try it">
      {run === null ? (
        <Untrained />
      ) : hasNoModel(run) ? (
        <EmptyState title="A cross-validation leaves no one model">
          {run.name} trained one for every fold, to judge the settings. Press Train for a model to try, or choose
          another run under Runs.
        </EmptyState>
      ) : backbone !== null && !isStoredBackbone(run.backbone, backbone) ? (
        <Notice tone="warning" title="The model needs another network">
          {run.name} was trained on {run.backbone.name}. Choose that network at the top of the page, or train again.
        </Notice>
      ) : (
        <>
          <NoLongerAverages name={run.name} />
          <Ways model={run} />
        </>
      )}
    </Panel>
  );
}

/** Where averages were kept current until there was a run: what has become of that. */
function NoLongerAverages({ name }: { readonly name: string }) {
  if (!useApp(selectAnswersWhileAdding)) return null;
  return (
    <p className={styles.note}>
      {name} answers now, instead of the averages of each class. Images added since then count from the next training
      on.
    </p>
  );
}

/** Before the first run class averages answer, as soon as two classes have images. */
function Untrained() {
  const canAnswer = useApp(selectCanAnswer);
  const project = useApp(selectProject);
  const averages = useApp(selectAverages);
  if (project === null || !canAnswer) {
    return (
      <EmptyState title="No model yet">
        Add images to two classes: from one image each on, their averages answer here. Train for a better model.
      </EmptyState>
    );
  }
  const { id, dataset, resizeMode } = project;
  return (
    <>
      <InstantNote />
      <Ways key={id} model={averages ?? { id: NOT_MADE, classes: dataset.classes, resizeMode }} />
    </>
  );
}

function Ways({ model }: { readonly model: TriedModel }) {
  const [way, setWay] = useState<Way>('image');
  return (
    <Tabs<Way>
      label="What to try the model on"
      look="segmented"
      selected={way}
      onSelect={setWay}
      items={[
        { id: 'image', label: 'Image', content: <TryImage model={model} /> },
        { id: 'camera', label: 'Camera', content: <TryCamera model={model} /> },
        { id: 'files', label: 'Folder', content: <TryFiles model={model} /> },
      ]}
    />
  );
}
