import { Tabs } from '@mantine/core';
import type { IncidentDetail } from '../../../../shared/api/incident.ts';
import { BootLogTab } from './boot-log-tab.tsx';
import { CrashTab } from './crash-tab.tsx';
import { FactsTab } from './facts-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { type IncidentTab, incidentTabs } from './incident-search.ts';
import styles from './incident.module.css';
import { ScriptTab } from './script-tab.tsx';
import { WhyTab } from './why-tab.tsx';

const panels: Readonly<Record<IncidentTab, (props: { readonly detail: IncidentDetail }) => React.ReactNode>> =
  {
    why: WhyTab,
    crash: CrashTab,
    'boot-log': BootLogTab,
    script: ScriptTab,
    files: FilesTab,
    facts: FactsTab,
  };
const tabs = Object.keys(incidentTabs) as IncidentTab[];

interface IncidentTabsProps {
  readonly detail: IncidentDetail;
  readonly tab: IncidentTab;
  readonly onOpenTab: (tab: IncidentTab) => void;
}

/** The evidence under the answer, one tab per question. */
export function IncidentTabs({ detail, tab, onOpenTab }: IncidentTabsProps) {
  const Panel = panels[tab];
  return (
    <Tabs
      value={tab}
      onChange={next => onOpenTab(tabs.find(one => one === next) ?? 'why')}
      className={styles.tabs}
    >
      <Tabs.List aria-label="Evidence">
        {tabs.map(name => (
          <Tabs.Tab key={name} value={name}>
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
