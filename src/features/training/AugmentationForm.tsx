import { useDeferredValue, useMemo, useState } from 'react';
import {
  AUGMENT_PRESETS,
  type Augmentation,
  type AugmentStrengths,
  isAugmentPreset,
  presetOr,
  STRENGTHS,
  type Strength,
  strengthsOf,
  strengthText,
} from '../../domain/augmentation.ts';
import type { Project } from '../../domain/project.ts';
import type { AppState } from '../../state/app-state.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { Select } from '../../ui/Select.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { useApp } from '../use-app.tsx';
import styles from './Augmentation.module.css';
import { AugmentSamples } from './AugmentSamples.tsx';
import { sampleHashes } from './sample-hashes.ts';
import { useAugmentSamples } from './use-augment-samples.ts';
import { ViewsCost } from './ViewsCost.tsx';

interface AugmentationFormProps {
  readonly project: Project;
  readonly trainCount: number;
  readonly onChange: (augmentation: Augmentation) => void;
  readonly isDisabled: boolean;
}

const SAMPLE_COUNT = 12;

const GROUPS: readonly { readonly id: Strength['group']; readonly title: string }[] = [
  { id: 'shape', title: 'Shape' },
  { id: 'colour', title: 'Colour' },
  { id: 'damage', title: 'Damage' },
];

const selectBackbone = (state: AppState) => state.backbones.current;

/** How training images are changed: a preset or strengths of one's own, seen on the user's own images. */
export function AugmentationForm({ project, trainCount, onChange, isDisabled }: AugmentationFormProps) {
  const { settings, resizeMode } = project;
  const [moving, setMoving] = useState<AugmentStrengths | null>(null);
  const strengths = moving ?? strengthsOf(settings.augment);
  const shown = moving === null ? settings.augment : presetOr(moving);
  const dataset = useDeferredValue(project.dataset);
  const hashes = useMemo(() => sampleHashes(dataset, SAMPLE_COUNT), [dataset]);
  const backbone = useApp(selectBackbone);
  const samples = useAugmentSamples({
    hashes,
    strengths,
    seed: settings.seed,
    backboneId: backbone?.id ?? null,
    resizeMode,
  });
  const usedCount = STRENGTHS.filter(({ key }) => strengths[key] > 0).length;

  return (
    <div className={styles.form}>
      <PresetChoice value={shown} onChange={onChange} isDisabled={isDisabled} />
      {hashes.length === 0 ? (
        <p className={styles.note}>Add images to see here what the model would be shown.</p>
      ) : (
        <AugmentSamples hashes={hashes} samples={samples} />
      )}
      {usedCount > 0 && backbone !== null && (
        <ViewsCost
          viewCount={settings.augmentViews}
          trainCount={trainCount}
          millisecondsPerImage={backbone.millisecondsPerImage + (samples?.millisecondsPerImage ?? 0)}
        />
      )}
      <Disclosure title="Strengths" meta={usedCount === 0 ? 'none in use' : `${usedCount} in use`}>
        <Strengths
          strengths={strengths}
          onMove={setMoving}
          onRest={(next) => {
            onChange(presetOr(next));
            setMoving(null);
          }}
          isDisabled={isDisabled}
        />
      </Disclosure>
    </div>
  );
}

interface PresetChoiceProps {
  readonly value: Augmentation;
  readonly onChange: (augmentation: Augmentation) => void;
  readonly isDisabled: boolean;
}

function PresetChoice({ value, onChange, isDisabled }: PresetChoiceProps) {
  const presets = AUGMENT_PRESETS.map((preset) => ({ id: preset.value as string, label: preset.label }));
  const own = { id: 'own', label: 'Own strengths', detail: 'Set below' };
  const isOwn = typeof value !== 'string';
  return (
    <Select
      label="Change training images"
      help="Shows the model mirrored, turned, recoloured or blurred views of the training images as well, so that it learns what does not matter. Choose what your images are of."
      options={isOwn ? [...presets, own] : presets}
      value={isOwn ? 'own' : value}
      onChange={(id) => isAugmentPreset(id) && onChange(id)}
      isDisabled={isDisabled}
    />
  );
}

interface StrengthsProps {
  readonly strengths: AugmentStrengths;
  readonly onMove: (strengths: AugmentStrengths) => void;
  readonly onRest: (strengths: AugmentStrengths) => void;
  readonly isDisabled: boolean;
}

function Strengths({ strengths, onMove, onRest, isDisabled }: StrengthsProps) {
  return GROUPS.map(({ id, title }) => (
    <fieldset key={id} className={styles.group}>
      <legend className={styles.groupTitle}>{title}</legend>
      <div className={styles.sliders}>
        {STRENGTHS.filter(({ group }) => group === id).map((strength) => {
          const { key, label, max, step } = strength;
          return (
            <Slider
              key={key}
              label={label}
              value={strengths[key]}
              max={max}
              step={step}
              valueText={strengthText(strength, strengths[key])}
              onChange={(value) => onMove({ ...strengths, [key]: rounded(value) })}
              onChangeEnd={(value) => onRest({ ...strengths, [key]: rounded(value) })}
              isDisabled={isDisabled}
            />
          );
        })}
      </div>
    </fieldset>
  ));
}

/** Without what binary fractions add to a step: 0.15, not 0.15000000000000002. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
