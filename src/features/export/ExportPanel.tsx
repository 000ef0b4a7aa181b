import { Download } from 'lucide-react';
import { useState } from 'react';
import type { ExportOptions } from '../../commands/commands.ts';
import { type BackboneRef, isStoredBackbone } from '../../domain/backbone.ts';
import { type Compression, UNCOMPRESSED } from '../../domain/compression.ts';
import { keptImagesText, NEIGHBOURS_PRIVACY } from '../../domain/neighbours.ts';
import { hasNoModel, type Run, type RunArtifacts } from '../../domain/run.ts';
import type { AppState } from '../../state/app-state.ts';
import { exportingOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { useCurrentRun, useModelIsOld } from '../use-current-run.ts';
import { Contents } from './Contents.tsx';
import styles from './ExportPanel.module.css';
import { KindChoice } from './KindChoice.tsx';
import { SizeChoice } from './SizeChoice.tsx';
import { SizeFigures } from './SizeFigures.tsx';
import { compressionName, downloadSizeText } from './size-words.ts';
import { exportOptions, useDownloadSize } from './use-download-size.ts';

type Kind = ExportOptions['kind'];

const selectArtifacts = (state: AppState) => state.artifacts;
const selectBackbone = (state: AppState) => state.backbones.current;

/** Takes the current model away as one zip. */
export function ExportPanel() {
  const run = useCurrentRun();
  return (
    <Panel title="Export model">
      {run === null ? (
        <EmptyState title="No model yet">Train one, then download it to use it in a web page or a program.</EmptyState>
      ) : hasNoModel(run) ? (
        <EmptyState title="A cross-validation leaves no one model">
          {run.name} trained one for every fold, to judge the settings. Press Train for a model to download, or choose
          another run under Runs.
        </EmptyState>
      ) : (
        <ExportForm run={run} />
      )}
    </Panel>
  );
}

/** Why the model cannot be downloaded now; null when it can. */
function whyNot(run: Run, artifacts: RunArtifacts | null, backbone: BackboneRef | null): string | null {
  if (artifacts === null || artifacts.runId !== run.id) return 'The model is still being opened.';
  if (backbone === null) return 'The network is being loaded.';
  if (isStoredBackbone(run.backbone, backbone)) return null;
  return `This model was trained on ${run.backbone.name}. Choose that network at the top of the page first.`;
}

function ExportForm({ run }: { readonly run: Run }) {
  const { exportModel } = useCommands();
  const artifacts = useApp(selectArtifacts);
  const backbone = useApp(selectBackbone);
  const exporting = useApp(exportingOf);
  const isOld = useModelIsOld();
  const [kind, setKind] = useState<Kind>('whole-model');
  const [compression, setCompression] = useState<Compression>(UNCOMPRESSED);
  const keptImages = keptImagesText(run);
  const reason = whyNot(run, artifacts, backbone);
  const [isLookedAt, setIsLookedAt] = useState(false);
  const look = () => setIsLookedAt(true);
  const wantsSizes = isLookedAt && reason === null;
  const sizes: Readonly<Record<Kind, string>> = {
    'whole-model': downloadSizeText(useDownloadSize('whole-model', compression, wantsSizes)),
    'head-only': downloadSizeText(useDownloadSize('head-only', UNCOMPRESSED, wantsSizes)),
  };

  return (
    // Whoever points at the form or reaches it by the keyboard may download: from then on the sizes are computed.
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done but to fill in two figures.
    <div className={styles.form} onPointerEnter={look} onFocus={look}>
      {isOld && (
        <Notice tone="warning" title="Older than the data">
          Images, labels or the split changed after {run.name}. Train again to take the changes along.
        </Notice>
      )}
      <KindChoice kind={kind} sizes={sizes} onChange={setKind} />
      {kind === 'whole-model' && (
        <Disclosure title={`Size of the weights: ${compressionName(compression)}`}>
          <div className={styles.smaller}>
            <SizeChoice compression={compression} onChange={setCompression} />
            <SizeFigures run={run} chosen={compression} disabledReason={reason} />
          </div>
        </Disclosure>
      )}
      <Contents kind={kind} />
      {keptImages !== null && (
        <Notice tone="info" title={keptImages}>
          {NEIGHBOURS_PRIVACY}
        </Notice>
      )}
      <Button
        variant="primary"
        isFullWidth
        icon={<Download />}
        disabledReason={reason}
        isDisabled={exporting !== null}
        onPress={() => void exportModel(exportOptions(kind, compression))}
      >
        Download model
      </Button>
      <div className={styles.progress}>
        {exporting !== null && <ProgressBar label={exporting.stage} ratio={null} />}
        {exporting === null && reason !== null && <p>{reason}</p>}
      </div>
    </div>
  );
}
