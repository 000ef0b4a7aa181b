import { FileUp } from 'lucide-react';
import { useState } from 'react';
import type { Project, ProjectSummary } from '../../domain/project.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { NameDialog } from './NameDialog.tsx';
import { ProjectRow } from './ProjectRow.tsx';
import styles from './ProjectsWindow.module.css';
import { StorageUse } from './StorageUse.tsx';

type Asked = { readonly kind: 'rename' | 'delete'; readonly project: ProjectSummary } | null;

const selectProjects = (state: AppState) => state.projects;
const selectCurrent = (state: AppState) => state.project;

/** The list knows the open project as it was when the list was read; its counts are taken from the project itself. */
function upToDate(summary: ProjectSummary, current: Project | null): ProjectSummary {
  if (current === null || summary.id !== current.id) return summary;
  const { images, classes } = current.dataset;
  return { ...summary, name: current.name, imageCount: images.size, classCount: classes.length };
}

/** Every project in this browser: open, rename, duplicate, delete; and opening one from a file. */
export function ProjectsWindow({ onClose }: { readonly onClose: () => void }) {
  const projects = useApp(selectProjects);
  const current = useApp(selectCurrent);
  const commands = useCommands();
  const [asked, setAsked] = useState<Asked>(null);

  function openFile(files: FileList): void {
    const file = files[0];
    if (file === undefined) return;
    void commands.openProjectFile(file);
    onClose();
  }

  return (
    <Dialog
      title="Projects"
      isOpen
      onClose={onClose}
      footer={
        <div className={styles.footer}>
          <StorageUse />
          <FilePicker types={['.zip']} onPick={openFile}>
            <Button icon={<FileUp />}>Open from a file</Button>
          </FilePicker>
        </div>
      }
    >
      <ul className={styles.list} aria-label="Projects in this browser">
        {projects
          .map((summary) => upToDate(summary, current))
          .map((project) => (
            <ProjectRow
              key={project.id}
              project={project}
              isCurrent={project.id === current?.id}
              onOpen={() => {
                void commands.openProject(project.id);
                onClose();
              }}
              onDuplicate={() => void commands.duplicateProject(project.id)}
              onRename={() => setAsked({ kind: 'rename', project })}
              onDelete={() => setAsked({ kind: 'delete', project })}
            />
          ))}
      </ul>
      {asked?.kind === 'rename' && (
        <NameDialog
          title="Rename project"
          name={asked.project.name}
          onClose={() => setAsked(null)}
          onName={(name) => void commands.renameProject(asked.project.id, name)}
        />
      )}
      {asked?.kind === 'delete' && (
        <ConfirmDialog
          title={`Delete the project “${asked.project.name}”?`}
          isOpen
          onClose={() => setAsked(null)}
          onConfirm={() => void commands.deleteProject(asked.project.id)}
          confirmLabel="Delete project"
        >
          Its images, runs and models are deleted from this browser. This cannot be undone.
        </ConfirmDialog>
      )}
    </Dialog>
  );
}
