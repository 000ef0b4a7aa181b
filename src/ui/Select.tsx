import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Select as AriaSelect,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components';
import { classNames } from './class-names.ts';
import field from './Field.module.css';
import { FieldLabel } from './FieldLabel.tsx';
import styles from './Select.module.css';

interface SelectOption<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** A second, muted line. */
  readonly detail?: string;
  readonly isDisabled?: boolean;
}

interface SelectProps<Id extends string> {
  readonly label: string;
  /** Keeps the label for screen readers only. */
  readonly isLabelHidden?: boolean;
  readonly options: readonly SelectOption<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  readonly help?: ReactNode;
  readonly note?: ReactNode;
  readonly isDisabled?: boolean;
}

/** A choice of one from a list. */
export function Select<Id extends string>(props: SelectProps<Id>) {
  const { label, isLabelHidden = false, options, value, onChange, help, note, isDisabled = false } = props;
  function choose(key: string | number | null): void {
    const option = options.find((candidate) => candidate.id === key);
    if (option !== undefined) onChange(option.id);
  }
  return (
    <AriaSelect
      className={field.field ?? ''}
      value={value}
      onChange={choose}
      isDisabled={isDisabled}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <FieldLabel label={label} {...(help === undefined ? {} : { help })} />}
      <AriaButton className={classNames(field.control, styles.button)}>
        <SelectValue className={styles.value ?? ''}>{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden="true" />
      </AriaButton>
      {note !== undefined && <span className={field.note}>{note}</span>}
      <Popover offset={4} className={styles.popover ?? ''}>
        <ListBox className={styles.list ?? ''}>
          {options.map((option) => (
            <ListBoxItem
              key={option.id}
              id={option.id}
              textValue={option.label}
              isDisabled={option.isDisabled ?? false}
              className={styles.option ?? ''}
            >
              <span className={styles.text}>
                <span>{option.label}</span>
                {option.detail !== undefined && <span className={styles.detail}>{option.detail}</span>}
              </span>
              <Check aria-hidden="true" className={styles.check} />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
