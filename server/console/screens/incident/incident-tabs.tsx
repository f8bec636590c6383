import { Skeleton, Tabs } from '@mantine/core';
import { type ComponentType, Suspense, lazy, useRef } from 'react';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { useCurrentInSight } from '../../parts/use-current-in-sight.ts';
import { type IncidentTab, incidentTabs } from './incident-search.ts';
import styles from './incident.module.css';
import { WhyTab } from './why-tab.tsx';

type Panel = ComponentType<{ readonly detail: IncidentDetail }>;
const lazily = (read: () => Promise<Panel>) => lazy(async () => ({ default: await read() }));

/** The answer comes with the page; evidence is read when somebody asks for it. */
const panels: Readonly<Record<IncidentTab, Panel>> = {
  why: WhyTab,
  crash: lazily(async () => (await import('./crash-tab.tsx')).CrashTab),
  'boot-log': lazily(async () => (await import('./boot-log-tab.tsx')).BootLogTab),
  changes: lazily(async () => (await import('./changes-tab.tsx')).ChangesTab),
  events: lazily(async () => (await import('./events-tab.tsx')).EventsTab),
  registry: lazily(async () => (await import('./registry-tab.tsx')).RegistryTab),
  script: lazily(async () => (await import('./script-tab.tsx')).ScriptTab),
  files: lazily(async () => (await import('./files-tab.tsx')).FilesTab),
  facts: lazily(async () => (await import('./facts-tab.tsx')).FactsTab),
  compare: lazily(async () => (await import('./compare-tab.tsx')).CompareTab),
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
  const Shown = panels[tab];
  const list = useRef<HTMLDivElement>(null);
  useCurrentInSight(list, tab);
  return (
    <Tabs
      value={tab}
      onChange={next => onOpenTab(tabs.find(one => one === next) ?? 'why')}
      id={tabsId}
      className={styles.tabs}
    >
      <Tabs.List ref={list} aria-label="Evidence">
        {tabs.map(name => (
          <Tabs.Tab key={name} value={name}>
            {incidentTabs[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} className={styles.panel} tabIndex={0}>
        <Suspense fallback={<Skeleton height={240} aria-busy="true" />}>
          <Shown detail={detail} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}
