import { useMemo } from 'react';
import type { BackboneReport } from '../../domain/backbone.ts';
import { countParts } from '../../domain/count-parts.ts';
import { fineTuneCost } from '../../domain/fine-tune-cost.ts';
import { lastStagesText } from '../../domain/fine-tune-words.ts';
import type { Project } from '../../domain/project.ts';
import type { Run } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { durationText } from '../../ui/number-text.ts';
import { useApp } from '../use-app.tsx';
import { useFineTuningEstimate } from '../use-fine-tuning-estimate.ts';

const selectProject = ({ project }: AppState) => project;
const selectBackbone = ({ backbones }: AppState) => backbones.current;

/** What going on from a run would train, and how long its stages would take about. */
export function ContinueDetail({ run }: { readonly run: Run }) {
  const project = useApp(selectProject);
  const backbone = useApp(selectBackbone);
  const what = run.tunedStageCount === 0 ? '' : `, its head and ${lastStagesText(run.tunedStageCount)}`;
  const isNetworkInForm = project?.settings.head === 'network';
  const form = isNetworkInForm ? 'the settings in the form' : 'the settings that the form keeps for a network head';
  // A head belongs to the stages it was trained with: no fewer are trained than it has, whatever the form says.
  const asked = Math.max(run.tunedStageCount, project?.settings.fineTuneStages ?? 0);
  const stageCount = Math.min(asked, backbone?.stages.length ?? 0);
  return (
    <>
      {`A new run from this model${what}, with ${form}.`}
      {project !== null && backbone !== null && stageCount > 0 && (
        <StagesTime project={project} backbone={backbone} stageCount={stageCount} />
      )}
    </>
  );
}

interface StagesTimeProps {
  readonly project: Project;
  readonly backbone: BackboneReport;
  readonly stageCount: number;
}

function StagesTime({ project, backbone, stageCount }: StagesTimeProps) {
  const { dataset, split, settings } = project;
  const parts = useMemo(() => countParts(dataset, split), [dataset, split]);
  const estimate = useFineTuningEstimate({ backboneId: backbone.id, stageCount, settings });
  const seconds = estimate === null ? null : fineTuneCost(estimate, settings, parts).seconds;
  const stages = lastStagesText(stageCount);
  return ` Training ${stages} takes ${seconds === null ? '...' : `about ${durationText(seconds)}, a guess`}.`;
}
