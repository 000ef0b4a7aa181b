import { type KeyboardEvent, memo, useState } from 'react';
import { Input, TextField } from 'react-aria-components';
import type { ClassLabel } from '../../domain/dataset.ts';
import { useCommands } from '../use-app.tsx';
import styles from './ClassNameField.module.css';

const MAX_NAME_LENGTH = 100;

/** A class's name, edited in place: Enter or leaving the field keeps it, Escape puts the old one back. */
export const ClassNameField = memo(function ClassNameField({ label }: { readonly label: ClassLabel }) {
  const commands = useCommands();
  const [draft, setDraft] = useState<string | null>(null);

  function commit(): void {
    const name = draft?.trim() ?? '';
    if (name !== '' && name !== label.name) commands.renameClass(label.id, name);
    setDraft(null);
  }

  function keyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Escape') setDraft(null);
    else if (event.key === 'Enter') commit();
    else return;
    event.preventDefault();
  }

  return (
    <TextField
      aria-label={`Name of class ${label.name}`}
      value={draft ?? label.name}
      onChange={setDraft}
      onBlur={commit}
      maxLength={MAX_NAME_LENGTH}
      className={styles.field ?? ''}
    >
      <Input onKeyDown={keyDown} className={styles.input ?? ''} spellCheck="false" />
    </TextField>
  );
});
