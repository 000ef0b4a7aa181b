import { Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { TextField as AriaTextField, FieldError, Input } from 'react-aria-components';
import styles from './Field.module.css';
import { FieldLabel } from './FieldLabel.tsx';
import { parseNumber } from './parse-number.ts';

interface CheckedNumberFieldProps {
  readonly label: string;
  /** null: nothing entered, which `placeholder` explains. */
  readonly value: number | null;
  /** Called with every usable number while typing; null when the field was emptied and may be. */
  readonly onChange: (value: number | null) => void;
  /** Why a value cannot be used, as a sentence; null when it can. NaN stands for text that is no number. */
  readonly problemOf: (value: number | null) => string | null;
  /** Only whole numbers count, so that "1,000" is a thousand and not one. */
  readonly whole: boolean;
  /** What an arrow key or a button changes. Typed numbers need not be multiples of it. */
  readonly step: number;
  readonly min: number;
  readonly max: number;
  /** Where the arrows start when the field is empty. */
  readonly startValue: number;
  readonly placeholder?: string;
  readonly unit?: string;
  readonly help?: ReactNode;
  /** Under the field; its line is always there. */
  readonly note: ReactNode;
  readonly isDisabled?: boolean;
}

/** Never in the form 1e-6; no digits that only come from binary fractions. */
function numberText(value: number | null): string {
  if (value === null) return '';
  return value.toLocaleString('en', { useGrouping: false, maximumSignificantDigits: 10 });
}

/**
 * A number that keeps what was typed and says what is wrong with it, instead of changing it silently. While the text cannot
 * be used, the value is the one from before the typing began.
 */
export function CheckedNumberField(props: CheckedNumberFieldProps) {
  const { label, value, onChange, problemOf, whole, step, min, max, startValue } = props;
  const { placeholder = '', unit = '', help, note, isDisabled = false } = props;
  // What is being typed; null while the field simply shows its value.
  const [draft, setDraft] = useState<string | null>(null);
  const [valueBefore, setValueBefore] = useState(value);
  const text = draft ?? numberText(value);
  const problem = draft === null ? null : problemOf(parseNumber(draft, whole));

  const type = (typed: string) => {
    const before = draft === null ? value : valueBefore;
    setValueBefore(before);
    setDraft(typed);
    const parsed = parseNumber(typed, whole);
    // The "5" on the way to "5x" was taken already.
    const next = problemOf(parsed) === null ? parsed : before;
    if (next !== value) onChange(next);
  };
  const move = (direction: 1 | -1) => {
    const moved = Math.min(max, Math.max(min, (value ?? startValue) + direction * step));
    setDraft(null);
    onChange(Number(numberText(moved)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    move(event.key === 'ArrowUp' ? 1 : -1);
  };

  return (
    <AriaTextField
      className={styles.field ?? ''}
      value={text}
      onChange={type}
      onBlur={() => problem === null && setDraft(null)}
      isInvalid={problem !== null}
      isDisabled={isDisabled}
      inputMode="decimal"
      autoComplete="off"
    >
      <FieldLabel label={label} {...(help === undefined ? {} : { help })} />
      <div
        className={styles.control}
        data-invalid={problem !== null || undefined}
        data-disabled={isDisabled || undefined}
      >
        <Input className={styles.input ?? ''} placeholder={placeholder} onKeyDown={onKeyDown} size={1} />
        {unit !== '' && text !== '' && <span className={styles.unit}>{unit}</span>}
        <StepButton
          label={`Less: ${label}`}
          icon={<Minus aria-hidden />}
          isDisabled={isDisabled}
          onPress={() => move(-1)}
        />
        <StepButton
          label={`More: ${label}`}
          icon={<Plus aria-hidden />}
          isDisabled={isDisabled}
          onPress={() => move(1)}
        />
      </div>
      {problem === null ? (
        <span className={styles.note}>{note}</span>
      ) : (
        <FieldError className={styles.error ?? ''}>{problem}</FieldError>
      )}
    </AriaTextField>
  );
}

interface StepButtonProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly isDisabled: boolean;
  readonly onPress: () => void;
}

/** For pointers; the keyboard has the arrow keys, so the Tab key passes it by. */
function StepButton({ label, icon, isDisabled, onPress }: StepButtonProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      className={styles.step}
      disabled={isDisabled}
      onClick={onPress}
    >
      {icon}
    </button>
  );
}
