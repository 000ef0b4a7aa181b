import { Copy, EllipsisVertical, PencilLine, Trash2 } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import type { ProjectSummary } from '../../domain/project.ts';
import { Badge } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { countOf } from '../../ui/number-text.ts';
import styles from './ProjectRow.module.css';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

interface ProjectRowProps {
  readonly project: ProjectSummary;
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
  readonly onDuplicate: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

/** One project of the list: a button that opens it, and a menu. */
export function ProjectRow({ project, isCurrent, onOpen, onDuplicate, onRename, onDelete }: ProjectRowProps) {
  const { name, imageCount, classCount, updatedAtMs } = project;
  return (
    <li className={styles.row}>
      <AriaButton onPress={onOpen} className={styles.open ?? ''}>
        <span className={styles.name}>
          {name} {isCurrent && <Badge tone="accent">open now</Badge>}
        </span>
        <span className={styles.facts}>
          {countOf(imageCount, 'image')} in {countOf(classCount, 'class', 'classes')} · changed{' '}
          {DATE.format(updatedAtMs)}
        </span>
      </AriaButton>
      <Menu
        label={`More for ${name}`}
        trigger={<IconButton label={`More for ${name}`} icon={<EllipsisVertical />} />}
        groups={[
          {
            id: 'Project',
            actions: [
              { id: 'rename', label: 'Rename…', icon: <PencilLine />, onAction: onRename },
              { id: 'duplicate', label: 'Duplicate', icon: <Copy />, onAction: onDuplicate },
              { id: 'delete', label: 'Delete…', icon: <Trash2 />, isDanger: true, onAction: onDelete },
            ],
          },
        ]}
      />
    </li>
  );
}
