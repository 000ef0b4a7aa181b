import { Label, Radio, RadioGroup } from 'react-aria-components';
import { type Compression, MOST_PRUNED_RATIO, WEIGHT_ENCODINGS } from '../../domain/compression.ts';
import { percentText } from '../../ui/number-text.ts';
import { Slider } from '../../ui/Slider.tsx';
import styles from './ExportPanel.module.css';
import { ENCODING_WORDS } from './size-words.ts';

interface SizeChoiceProps {
  readonly compression: Compression;
  readonly onChange: (compression: Compression) => void;
}

const PRUNING_HELP =
  'Those that matter least to their layer, as a few training images show. The file keeps its size: zeros only help where it is sent or kept zipped, as in this download.';

/** How small the weights of the download are to be made. */
export function SizeChoice({ compression, onChange }: SizeChoiceProps) {
  const choose = (value: string) => {
    const encoding = WEIGHT_ENCODINGS.find((option) => option === value);
    if (encoding !== undefined) onChange({ ...compression, encoding });
  };
  // The steps of a slider are sums of 0.1, which are not always the number they are meant to be.
  const prune = (value: number) => onChange({ ...compression, prunedRatio: Math.round(value * 10) / 10 });
  return (
    <>
      <RadioGroup className={styles.kinds ?? ''} value={compression.encoding} onChange={choose}>
        <Label className={styles.kindsLabel ?? ''}>Stored as</Label>
        {WEIGHT_ENCODINGS.map((encoding) => (
          <Radio key={encoding} value={encoding} className={styles.kind ?? ''}>
            <span className={styles.dot} aria-hidden />
            <span className={styles.kindText}>
              <span className={styles.kindName}>{ENCODING_WORDS[encoding].label}</span>
              <span className={styles.detail}>{ENCODING_WORDS[encoding].detail}</span>
            </span>
          </Radio>
        ))}
      </RadioGroup>
      <Slider
        label="Weights set to zero"
        value={compression.prunedRatio}
        max={MOST_PRUNED_RATIO}
        step={0.1}
        valueText={percentText(compression.prunedRatio)}
        onChange={prune}
        onChangeEnd={prune}
      />
      <p className={styles.detail}>{PRUNING_HELP}</p>
    </>
  );
}
