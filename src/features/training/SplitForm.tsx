import { memo } from 'react';
import type { ResizeMode } from '../../domain/project.ts';
import { DEFAULT_SPLIT, type SplitSettings } from '../../domain/split.ts';
import { CheckedNumberField } from '../../ui/CheckedNumberField.tsx';
import { Select } from '../../ui/Select.tsx';
import { GroupsLine } from '../GroupsLine.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './SettingsForm.module.css';

interface SplitFormProps {
  readonly split: SplitSettings;
  readonly resizeMode: ResizeMode;
  readonly isDisabled: boolean;
}

const RESIZE_OPTIONS: readonly { readonly id: ResizeMode; readonly label: string; readonly detail: string }[] = [
  { id: 'crop', label: 'Crop', detail: 'Cuts the middle square out' },
  { id: 'squash', label: 'Squash', detail: 'Keeps everything, changes proportions' },
  { id: 'pad', label: 'Pad', detail: 'Keeps everything, adds white edges' },
];

/** Less than this for training, and there is little to learn from. */
const LEAST_TRAIN_PERCENT = 10;
const MOST_HELD_OUT_PERCENT = 100 - LEAST_TRAIN_PERCENT;
const LARGEST_SEED = 4_294_967_295;

const percent = (ratio: number) => Math.round(ratio * 1000) / 10;

function shareProblem(typed: number | null, otherPercent: number): string | null {
  const most = MOST_HELD_OUT_PERCENT - otherPercent;
  if (typed !== null && typed >= 0 && typed <= most) return null;
  return `Must be from 0 to ${most}, so that at least ${LEAST_TRAIN_PERCENT} % are left to learn from.`;
}

function seedProblem(typed: number | null): string | null {
  const usable = typed !== null && Number.isInteger(typed) && typed >= 0 && typed <= LARGEST_SEED;
  return usable ? null : `Must be a whole number from 0 to ${LARGEST_SEED}.`;
}

/** Shares of the three parts, the seed that deals the images out, and how images become squares. */
export const SplitForm = memo(function SplitForm({ split, resizeMode, isDisabled }: SplitFormProps) {
  const commands = useCommands();
  const validationPercent = percent(split.validationRatio);
  const testPercent = percent(split.testRatio);

  const changeShares = (validation: number, test: number) => {
    const changed: SplitSettings = {
      ...split,
      validationRatio: validation / 100,
      testRatio: test / 100,
      trainRatio: (100 - validation - test) / 100,
    };
    commands.changeSplit(changed);
  };

  return (
    <div className={styles.form}>
      <div className={styles.fields}>
        <CheckedNumberField
          label="Validation"
          help="Images that decide when to stop; the model does not learn from them."
          value={validationPercent}
          onChange={(typed) => changeShares(typed ?? 0, testPercent)}
          problemOf={(typed) => shareProblem(typed, testPercent)}
          whole={false}
          step={5}
          min={0}
          max={MOST_HELD_OUT_PERCENT - testPercent}
          startValue={0}
          unit="%"
          note={`Default ${percent(DEFAULT_SPLIT.validationRatio)}`}
          isDisabled={isDisabled}
        />
        <CheckedNumberField
          label="Test"
          help="Images kept back until the end; the score shown large comes from them."
          value={testPercent}
          onChange={(typed) => changeShares(validationPercent, typed ?? 0)}
          problemOf={(typed) => shareProblem(typed, validationPercent)}
          whole={false}
          step={5}
          min={0}
          max={MOST_HELD_OUT_PERCENT - validationPercent}
          startValue={0}
          unit="%"
          note={`Default ${percent(DEFAULT_SPLIT.testRatio)}`}
          isDisabled={isDisabled}
        />
      </div>
      <div className={styles.sum}>
        <GroupsLine />
      </div>
      <p className={styles.sum}>Training gets the remaining {percent(split.trainRatio)} %.</p>
      <div className={styles.fields}>
        <CheckedNumberField
          label="Split seed"
          help="Another seed deals the images out differently. Adding images does not move the ones that are there."
          value={split.seed}
          onChange={(typed) => commands.changeSplit({ ...split, seed: typed ?? DEFAULT_SPLIT.seed })}
          problemOf={seedProblem}
          whole
          step={1}
          min={0}
          max={LARGEST_SEED}
          startValue={DEFAULT_SPLIT.seed}
          note={`Default ${DEFAULT_SPLIT.seed}`}
          isDisabled={isDisabled}
        />
        <Select
          label="Images that are not square"
          help="The same is done in training, when you try the model, and in the downloaded model."
          value={resizeMode}
          options={RESIZE_OPTIONS}
          onChange={(mode) => commands.changeResizeMode(mode)}
          note="Default Crop"
          isDisabled={isDisabled}
        />
      </div>
    </div>
  );
});
