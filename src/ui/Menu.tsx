import { type ReactElement, type ReactNode, useEffect, useMemo, useState } from 'react';
import { Menu as AriaMenu, Header, Keyboard, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './Menu.module.css';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  /** A second, muted line. */
  readonly detail?: ReactNode;
  readonly icon?: ReactNode;
  /** As the user reads it, for example "Ctrl+Z". */
  readonly shortcut?: string;
  readonly isDisabled?: boolean;
  readonly isDanger?: boolean;
  readonly onAction: () => void;
}

export interface MenuGroup {
  readonly id: string;
  /** A small heading over the group. */
  readonly title?: string;
  readonly actions: readonly MenuAction[];
}

interface MenuProps {
  /** Names the menu for screen readers. */
  readonly label: string;
  /** The button that opens it: `Button`, `IconButton` or a React Aria button. */
  readonly trigger: ReactElement;
  readonly groups: readonly MenuGroup[];
}

/** A button with a list of actions. */
export function Menu({ label, trigger, groups }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover offset={4} className={styles.popover ?? ''}>
        <ActionList label={label} groups={groups} />
      </Popover>
    </MenuTrigger>
  );
}

interface MenuBesideProps extends Omit<MenuProps, 'trigger'> {
  readonly element: Element;
  readonly onClose: () => void;
}

/** A list of actions that a key opened; it stands beside what it is about, and gives the focus back. */
export function MenuBeside({ label, groups, element, onClose }: MenuBesideProps) {
  const target = useMemo(() => ({ current: element }), [element]);
  const [opener] = useState(() => document.activeElement);
  // The popover gives the focus back a frame after it is gone; a key pressed within that frame would reach nobody.
  useEffect(
    () => () => {
      // What lies outside is inert until the popover's own effects have ended, which they do after this one.
      queueMicrotask(() => {
        if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
      });
    },
    [opener],
  );
  return (
    <Popover
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      triggerRef={target}
      aria-label={label}
      offset={4}
      className={styles.popover ?? ''}
    >
      <ActionList label={label} groups={groups} onClose={onClose} />
    </Popover>
  );
}

interface ActionListProps extends Omit<MenuProps, 'trigger'> {
  readonly onClose?: () => void;
}

function ActionList({ label, groups, onClose }: ActionListProps) {
  const filled = groups.filter((group) => group.actions.length > 0);
  return (
    <AriaMenu
      aria-label={label}
      className={styles.menu ?? ''}
      {...(onClose === undefined ? {} : { autoFocus: 'first' as const, onClose })}
    >
      {filled.map((group) => (
        <MenuSection
          key={group.id}
          id={group.id}
          className={styles.section ?? ''}
          {...(group.title === undefined ? { 'aria-label': group.id } : {})}
        >
          {group.title !== undefined && <Header className={styles.title ?? ''}>{group.title}</Header>}
          {group.actions.map((action) => (
            <ActionItem key={action.id} action={action} />
          ))}
        </MenuSection>
      ))}
    </AriaMenu>
  );
}

function ActionItem({ action }: { readonly action: MenuAction }) {
  return (
    <MenuItem
      id={action.id}
      textValue={action.label}
      isDisabled={action.isDisabled ?? false}
      onAction={() => action.onAction()}
      className={classNames(styles.item, action.isDanger === true && styles.danger)}
    >
      {action.icon !== undefined && (
        <span className={styles.icon} aria-hidden="true">
          {action.icon}
        </span>
      )}
      <span className={styles.text}>
        <span>{action.label}</span>
        {action.detail !== undefined && <span className={styles.detail}>{action.detail}</span>}
      </span>
      {action.shortcut !== undefined && <Keyboard className={styles.shortcut}>{action.shortcut}</Keyboard>}
    </MenuItem>
  );
}
