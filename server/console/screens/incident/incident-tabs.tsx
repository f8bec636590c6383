import { Tabs } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { BootLogTab } from './boot-log-tab.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { CrashTab } from './crash-tab.tsx';
import { EventsTab } from './events-tab.tsx';
import { FactsTab } from './facts-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { type IncidentTab, incidentTabs } from './incident-search.ts';
import styles from './incident.module.css';
import { RegistryTab } from './registry-tab.tsx';
import { ScriptTab } from './script-tab.tsx';
import { WhyTab } from './why-tab.tsx';

const panels: Readonly<Record<IncidentTab, (props: { readonly detail: IncidentDetail }) => React.ReactNode>> =
  {
    why: WhyTab,
    crash: CrashTab,
    'boot-log': BootLogTab,
    changes: ChangesTab,
    events: EventsTab,
    registry: RegistryTab,
    script: ScriptTab,
    files: FilesTab,
    facts: FactsTab,
  };
/** Where the tabs stand on the page. */
export const tabsId = 'evidence';
const tabs = Object.keys(incidentTabs) as IncidentTab[];

interface IncidentTabsProps {
  readonly detail: IncidentDetail;
  readonly tab: IncidentTab;
  readonly onOpenTab: (tab: IncidentTab) => void;
}

/** The evidence under the answer, one tab per question. */
export function IncidentTabs({ detail, tab, onOpenTab }: IncidentTabsProps) {
  const Panel = panels[tab];
  const list = useRef<HTMLDivElement>(null);
  // On a phone the tabs do not fit side by side; the open one is brought into sight.
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>(`[data-tab="${tab}"]`);
    if (open && list.current) list.current.scrollLeft = open.offsetLeft - list.current.offsetLeft - 48;
  }, [tab]);
  return (
    <Tabs
      value={tab}
      onChange={next => onOpenTab(tabs.find(one => one === next) ?? 'why')}
      id={tabsId}
      className={styles.tabs}
    >
      <Tabs.List ref={list} aria-label="Evidence">
        {tabs.map(name => (
          <Tabs.Tab key={name} value={name} data-tab={name}>
            {incidentTabs[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} className={styles.panel} tabIndex={0}>
        <Panel detail={detail} />
      </Tabs.Panel>
    </Tabs>
  );
}
