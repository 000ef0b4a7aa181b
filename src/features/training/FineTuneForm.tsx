import type { ReactNode } from 'react';
import type { PartCounts } from '../../domain/count-parts.ts';
import type { Project } from '../../domain/project.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../use-app.tsx';
import styles from './Augmentation.module.css';
import { FineTuneCost } from './FineTuneCost.tsx';
import { StagePicture } from './StagePicture.tsx';

interface FineTuneFormProps {
  readonly project: Project;
  readonly parts: PartCounts;
  readonly onChange: (stageCount: number) => void;
  readonly isDisabled: boolean;
  /** The other settings of fine-tuning; they matter only where stages are trained. */
  readonly children: ReactNode;
}

const selectBackbone = (state: AppState) => state.backbones.current;

/** Which stages of the network are trained further, what that costs, and how it is done. */
export function FineTuneForm({ project, parts, onChange, isDisabled, children }: FineTuneFormProps) {
  const backbone = useApp(selectBackbone);
  if (backbone === null) return <p className={styles.note}>The stages are shown here once a network is loaded.</p>;
  if (backbone.stages.length === 0) {
    return <p className={styles.note}>{backbone.name} has no stages that could be trained: the head alone is.</p>;
  }
  if (project.settings.head === 'neighbours') {
    return (
      <p className={styles.note}>
        Nearest neighbours have no weights that stages could learn together with, so the network stays as it is. Choose
        another head above to train stages of it.
      </p>
    );
  }
  const stageCount = Math.min(project.settings.fineTuneStages, backbone.stages.length);
  return (
    <div className={styles.form}>
      <p className={styles.note}>
        The head is trained first. Then the stages chosen here learn from your images, too, slowly. It is kept only if
        the validation images show that it helps.
      </p>
      <StagePicture backbone={backbone} stageCount={stageCount} onChange={onChange} isDisabled={isDisabled} />
      {stageCount > 0 && (
        <>
          <FineTuneCost settings={project.settings} backboneId={backbone.id} stageCount={stageCount} parts={parts} />
          {children}
        </>
      )}
    </div>
  );
}
