import { type FormEvent, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/TextField.tsx';

interface NameDialogProps {
  readonly title: string;
  readonly name: string;
  readonly onClose: () => void;
  /** Called with a trimmed name that is not empty. */
  readonly onName: (name: string) => void;
}

/** Asks for a name. Enter keeps it. */
export function NameDialog({ title, name, onClose, onName }: NameDialogProps) {
  const [draft, setDraft] = useState(name);

  function keep(): void {
    const trimmed = draft.trim();
    if (trimmed === '') return;
    onName(trimmed);
    onClose();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    keep();
  }

  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onPress={keep}
            disabledReason={draft.trim() === '' ? 'A project needs a name.' : null}
          >
            Rename
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <TextField label="Name" value={draft} onChange={setDraft} maxLength={100} autoFocus />
      </form>
    </Dialog>
  );
}
