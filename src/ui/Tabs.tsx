import type { ReactNode } from 'react';
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
  function select(key: string | number): void {
    const item = items.find((candidate) => candidate.id === key);
    if (item !== undefined) onSelect(item.id);
  }
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={select} className={classNames(styles.tabs, styles[look])}>
      <TabList aria-label={label} className={styles.list ?? ''}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={styles.tab ?? ''}>
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
