import { ChevronDown, Copy, Download, FilePlus2, FolderOpen, PencilLine, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Menu, type MenuGroup } from '../../ui/Menu.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { NameDialog } from './NameDialog.tsx';
import styles from './ProjectMenu.module.css';

// Fetched when first opened: the page is usable sooner without it.
const ProjectsWindow = lazy(async () => ({ default: (await import('./ProjectsWindow.tsx')).ProjectsWindow }));

type OpenPart = 'none' | 'projects' | 'rename' | 'delete';

const selectId = (state: AppState) => state.project?.id ?? null;
const selectName = (state: AppState) => state.project?.name ?? '';

/** The project's name in the header and what can be done with the whole project. */
export function ProjectMenu() {
  const id = useApp(selectId);
  const name = useApp(selectName);
  const commands = useCommands();
  const [open, setOpen] = useState<OpenPart>('none');
  const close = () => setOpen('none');

  if (id === null) return <span className={styles.waiting}>Opening…</span>;
  return (
    <>
      <Menu
        label="Project"
        trigger={
          <Button variant="quiet" aria-label={`Project ${name}`}>
            <span className={styles.trigger}>
              <span className={styles.name}>{name}</span>
              <ChevronDown aria-hidden="true" />
            </span>
          </Button>
        }
        groups={menuGroups(
          setOpen,
          () => void commands.newProject(),
          () => void commands.duplicateProject(id),
          () => void commands.saveProjectFile(),
        )}
      />
      <Suspense>{open === 'projects' && <ProjectsWindow onClose={close} />}</Suspense>
      {open === 'rename' && (
        <NameDialog
          title="Rename project"
          name={name}
          onClose={close}
          onName={(next) => void commands.renameProject(id, next)}
        />
      )}
      <ConfirmDialog
        title={`Delete the project “${name}”?`}
        isOpen={open === 'delete'}
        onClose={close}
        onConfirm={() => void commands.deleteProject(id)}
        confirmLabel="Delete project"
      >
        Its images, runs and models are deleted from this browser. This cannot be undone. Save it to a file first if you
        may want it back.
      </ConfirmDialog>
    </>
  );
}

function menuGroups(
  show: (part: OpenPart) => void,
  makeNew: () => void,
  duplicate: () => void,
  save: () => void,
): readonly MenuGroup[] {
  return [
    {
      id: 'Open',
      actions: [
        { id: 'new', label: 'New project', icon: <FilePlus2 />, onAction: makeNew },
        {
          id: 'open',
          label: 'Open project…',
          detail: 'From this browser or from a file',
          icon: <FolderOpen />,
          onAction: () => show('projects'),
        },
      ],
    },
    {
      id: 'This project',
      actions: [
        {
          id: 'save',
          label: 'Save to a file',
          detail: 'Everything in one .graft.zip',
          icon: <Download />,
          onAction: save,
        },
        { id: 'rename', label: 'Rename…', icon: <PencilLine />, onAction: () => show('rename') },
        { id: 'duplicate', label: 'Duplicate', icon: <Copy />, onAction: duplicate },
      ],
    },
    {
      id: 'Delete',
      actions: [{ id: 'delete', label: 'Delete…', icon: <Trash2 />, isDanger: true, onAction: () => show('delete') }],
    },
  ];
}
