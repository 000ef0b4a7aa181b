import { useState } from 'react';
import { NOTE_LENGTH, type Run } from '../../domain/run.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './RunsTab.module.css';

interface RunDialogProps {
  readonly run: Run;
  readonly onClose: () => void;
}

/** Asks for a run's name and a note on it. An empty name cannot be saved. */
export function RunDialog({ run, onClose }: RunDialogProps) {
  const { changeRun } = useCommands();
  const [name, setName] = useState(run.name);
  const [note, setNote] = useState(run.note);
  const trimmed = name.trim();
  const save = () => {
    if (trimmed === '') return;
    changeRun(run.id, { name: trimmed, note: note.trim() });
    onClose();
  };
  return (
    <Dialog title="Name and note" isOpen onClose={onClose} size="small">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label="Name" value={name} onChange={setName} maxLength={80} autoFocus />
        <TextArea label="Note" value={note} onChange={setNote} maxLength={NOTE_LENGTH} />
        <p>
          <Button type="submit" variant="primary" isDisabled={trimmed === ''}>
            Save
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
