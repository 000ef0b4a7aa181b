import { useState } from 'react';
import { hasNoModel, type Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { useApp } from '../use-app.tsx';
import { useCurrentRun } from '../use-current-run.ts';
import { TryCamera } from './TryCamera.tsx';
import { TryFiles } from './TryFiles.tsx';
import { TryImage } from './TryImage.tsx';

type Way = 'image' | 'camera' | 'files';

const selectBackboneId = (state: AppState) => state.backbones.current?.id ?? null;

/** Shows the current model something new: one image, the camera, or a whole folder. */
export function TryItPanel() {
  const run = useCurrentRun();
  const backboneId = useApp(selectBackboneId);
  return (
    <Panel title="Try it">
      {run === null ? (
        <EmptyState title="No model yet">
          Train one, then show it new images, the camera or a whole folder here.
        </EmptyState>
      ) : hasNoModel(run) ? (
        <EmptyState title="A cross-validation leaves no one model">
          {run.name} trained one for every fold, to judge the settings. Press Train for a model to try, or choose
          another run under Runs.
        </EmptyState>
      ) : backboneId !== null && backboneId !== run.backbone.id ? (
        <Notice tone="warning" title="The model needs another network">
          {run.name} was trained on {run.backbone.name}. Choose that network at the top of the page, or train again.
        </Notice>
      ) : (
        <Ways run={run} />
      )}
    </Panel>
  );
}

function Ways({ run }: { readonly run: Run }) {
  const [way, setWay] = useState<Way>('image');
  return (
    <Tabs<Way>
      label="What to try the model on"
      look="segmented"
      selected={way}
      onSelect={setWay}
      items={[
        { id: 'image', label: 'Image', content: <TryImage run={run} /> },
        { id: 'camera', label: 'Camera', content: <TryCamera run={run} /> },
        { id: 'files', label: 'Folder', content: <TryFiles run={run} /> },
      ]}
    />
  );
}
