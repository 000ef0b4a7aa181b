import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { ExportOptions } from '../../commands/commands.ts';
import styles from './ExportPanel.module.css';

type Kind = ExportOptions['kind'];

interface KindChoiceProps {
  readonly kind: Kind;
  /** How large each download will be, in words. */
  readonly sizes: Readonly<Record<Kind, string>>;
  readonly onChange: (kind: Kind) => void;
}

const KINDS: readonly { readonly kind: Kind; readonly label: string; readonly detail: string }[] = [
  { kind: 'whole-model', label: 'Whole model', detail: 'Network and head: takes images, works on its own.' },
  { kind: 'head-only', label: 'Head only', detail: 'What was trained here: takes features.' },
];

/** What the download holds: everything, or only what was trained here. */
export function KindChoice({ kind, sizes, onChange }: KindChoiceProps) {
  const choose = (value: string) => {
    const chosen = KINDS.find((option) => option.kind === value);
    if (chosen !== undefined) onChange(chosen.kind);
  };
  return (
    <RadioGroup className={styles.kinds ?? ''} value={kind} onChange={choose}>
      <Label className={styles.kindsLabel ?? ''}>What to download</Label>
      {KINDS.map((option) => (
        <Radio key={option.kind} value={option.kind} className={styles.kind ?? ''}>
          <span className={styles.dot} aria-hidden />
          <span className={styles.kindText}>
            <span className={styles.kindName}>
              {option.label} <span className={styles.size}>{sizes[option.kind]}</span>
            </span>
            <span className={styles.detail}>{option.detail}</span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
