import { Slider as AriaSlider, Label, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import styles from './Slider.module.css';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly step: number;
  /** The value as it is shown and said. */
  readonly valueText: string;
  /** While it moves. */
  readonly onChange: (value: number) => void;
  /** When it comes to rest. */
  readonly onChangeEnd: (value: number) => void;
  readonly isDisabled?: boolean;
}

/** A number that is felt rather than typed: arrow keys move it too. */
export function Slider(props: SliderProps) {
  const { label, value, min = 0, max, step, valueText, onChange, onChangeEnd, isDisabled = false } = props;
  return (
    <AriaSlider
      className={styles.slider ?? ''}
      value={value}
      minValue={min}
      maxValue={max}
      step={step}
      onChange={onChange}
      onChangeEnd={onChangeEnd}
      isDisabled={isDisabled}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <SliderOutput className={styles.value ?? ''}>{valueText}</SliderOutput>
      <SliderTrack className={styles.track ?? ''}>
        <span className={styles.filled} style={{ width: `${((value - min) / (max - min)) * 100}%` }} />
        <SliderThumb className={styles.thumb ?? ''} aria-valuetext={valueText} />
      </SliderTrack>
    </AriaSlider>
  );
}
