import { useState } from 'react';
import type { BackboneEntry } from '../../domain/backbone.ts';
import { comparableNetworks, networksAtHand } from '../../domain/comparison-networks.ts';
import type { Run } from '../../domain/run.ts';
import { mayHaveSeenTest } from '../../domain/seen-test-images.ts';
import { DEFAULT_TEACHING } from '../../domain/teaching.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { percentText, sizeText } from '../../ui/number-text.ts';
import { Select } from '../../ui/Select.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './RunsTab.module.css';

interface TeachDialogProps {
  readonly teacher: Run;
  readonly onClose: () => void;
}

const selectEntries = ({ backbones }: AppState) => backbones.entries;
const selectSplit = ({ project }: AppState) => project?.split ?? null;
const selectCachedIds = ({ backbones }: AppState) => backbones.cachedIds;

function optionOf({ manifest: { id, name, sizeBytes } }: BackboneEntry, isHere: boolean) {
  const size = sizeBytes === 0 ? '' : `, ${sizeText(sizeBytes)}`;
  return { id, label: name, detail: `${isHere ? 'Here already' : 'To be downloaded'}${size}` };
}

const oneDigit = (value: number) => Math.round(value * 10) / 10;

/** Asks which network is to learn from a run, and how much it listens to it. */
export function TeachDialog({ teacher, onClose }: TeachDialogProps) {
  const { distil } = useCommands();
  const entries = useApp(selectEntries);
  const atHand = networksAtHand(entries, useApp(selectCachedIds));
  const other = atHand.find(({ manifest }) => manifest.id !== teacher.backbone.id) ?? atHand[0];
  const [backboneId, setBackboneId] = useState(other?.manifest.id ?? teacher.backbone.id);
  const [temperature, setTemperature] = useState(DEFAULT_TEACHING.temperature);
  const [weight, setWeight] = useState(DEFAULT_TEACHING.weight);
  const split = useApp(selectSplit);
  const isOtherSplit = split !== null && mayHaveSeenTest(teacher, split);
  const start = () => {
    void distil({ teacherRunId: teacher.id, backboneId, temperature, weight });
    onClose();
  };
  return (
    <Dialog title={`Learn from ${teacher.name}`} isOpen onClose={onClose} size="small">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <p>
          A new head is trained with the settings in the form. Beside the labels it learns what {teacher.name} (
          {teacher.backbone.name}) said of the training images. Whether that helps shows in its scores.
        </p>
        {isOtherSplit && (
          <p className={styles.warning}>
            <strong>{teacher.name} may know images that are test images now.</strong>{' '}
            {teacher.kind === 'cross-validation'
              ? 'Its folds learnt from all images in turn.'
              : 'It was trained with another split.'}{' '}
            So the score of the new run on test images may look better than it is. For a fair one, choose a run that was
            trained with the split of now.
          </p>
        )}
        <Select
          label="Network to teach"
          value={backboneId}
          options={comparableNetworks(entries).map((entry) => optionOf(entry, atHand.includes(entry)))}
          onChange={setBackboneId}
          note="It comes into use for the whole page."
        />
        <Slider
          label="Weight of the teacher"
          value={weight}
          max={1}
          step={0.1}
          valueText={percentText(weight)}
          onChange={(value) => setWeight(oneDigit(value))}
          onChangeEnd={(value) => setWeight(oneDigit(value))}
        />
        <Slider
          label="Temperature"
          value={temperature}
          min={1}
          max={8}
          step={0.5}
          valueText={String(temperature)}
          onChange={(value) => setTemperature(oneDigit(value))}
          onChangeEnd={(value) => setTemperature(oneDigit(value))}
        />
        <p className={styles.hint}>
          A higher temperature shows more of what the teacher thinks of the other classes; the labels have the rest of
          the weight.
        </p>
        <p>
          <Button type="submit" variant="primary">
            Teach and train
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
