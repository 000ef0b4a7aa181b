import type { CutPoint, FoundNetwork, NetworkChoices } from '../../domain/found-network.ts';
import { countText } from '../../ui/number-text.ts';
import { Select } from '../../ui/Select.tsx';

/** Stands for "the output, a classification top cut away". */
const OUTPUT = '';

interface CutSelectProps {
  readonly found: FoundNetwork;
  readonly value: string | null;
  readonly onChange: (part: Pick<NetworkChoices, 'featureLayer'>) => void;
  readonly isDisabled: boolean;
}

function shapeText({ shape }: CutPoint): string {
  const length = shape.at(-1) ?? 0;
  return shape.length === 1
    ? `${countText(length)} numbers`
    : `${shape.join(' × ')}, averaged to ${countText(length)} numbers`;
}

/** Where the network ends and the head begins. */
export function CutSelect({ found, value, onChange, isDisabled }: CutSelectProps) {
  const output = {
    id: OUTPUT,
    label: 'At its end, before a classifier',
    detail: found.featureLayer === null ? `${countText(found.featureLength)} numbers` : 'its output',
  };
  const points = found.featureChoices.map((point) => ({ id: point.name, label: point.name, detail: shapeText(point) }));
  return (
    <Select
      label="Cut"
      options={[output, ...points.filter(({ id }) => id !== OUTPUT)]}
      value={value ?? OUTPUT}
      onChange={(id) => onChange({ featureLayer: id === OUTPUT ? null : id })}
      isDisabled={isDisabled}
      note="What is computed up to here are the features the head learns from."
    />
  );
}
