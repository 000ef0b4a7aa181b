import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './Tabs.module.css';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** A count or state beside the label. */
  readonly badge?: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps<Id extends string> {
  /** Names the list of tabs for screen readers. */
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** `line` underlines the current tab; `segmented` puts all in one frame, for two or three small ones. */
  readonly look?: 'line' | 'segmented';
}

/** Tabs whose state the caller keeps. Only the current panel is mounted. */
export function Tabs<Id extends string>({ label, items, selected, onSelect, look = 'line' }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => showTab(list.current, selected), [selected]);
  function select(key: string | number): void {
    const item = items.find((candidate) => candidate.id === key);
    if (item !== undefined) onSelect(item.id);
  }
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={select} className={classNames(styles.tabs, styles[look])}>
      <TabList ref={list} aria-label={label} className={styles.list ?? ''}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} data-tab={item.id} className={styles.tab ?? ''}>
            {item.label}
            {item.badge !== undefined && <span className={styles.badge}>{item.badge}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={styles.panel ?? ''}>
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

/** Pushes a list that is wider than its place sideways until this tab is in sight; the page itself stays where it is. */
function showTab(list: HTMLElement | null, id: string): void {
  const tab = list?.querySelector(`[data-tab="${CSS.escape(id)}"]`);
  if (list === null || tab === null || tab === undefined) return;
  const place = list.getBoundingClientRect();
  const wanted = tab.getBoundingClientRect();
  if (wanted.left < place.left) list.scrollLeft -= place.left - wanted.left;
  else if (wanted.right > place.right) list.scrollLeft += wanted.right - place.right;
}
