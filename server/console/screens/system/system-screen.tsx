import { Link, useParams } from '@tanstack/react-router';
import { type ComponentType, Suspense, lazy, useRef } from 'react';
import { usePageHead } from '../../frame/page-head.ts';
import { useCurrentInSight } from '../../parts/use-current-in-sight.ts';
import { NotFound } from '../not-found.tsx';
import { AgentPart } from './agent-part.tsx';
import { AuditPart } from './audit-part.tsx';
import { HealthPart } from './health-part.tsx';
import { JobsPart } from './jobs-part.tsx';
import { KeysPart } from './keys-part.tsx';
import { PeoplePart } from './people-part.tsx';
import { StoragePart } from './storage-part.tsx';
import styles from './system.module.css';
import { type SystemPart, isSystemPart, systemParts } from './system-places.ts';
import { TokensPart } from './tokens-part.tsx';

const ProgramsPart = lazy(async () => ({ default: (await import('./programs-part.tsx')).ProgramsPart }));
const ApiPart = lazy(async () => ({ default: (await import('./api-part.tsx')).ApiPart }));

const parts: Readonly<Record<SystemPart, ComponentType>> = {
  health: HealthPart,
  jobs: JobsPart,
  storage: StoragePart,
  agent: AgentPart,
  keys: KeysPart,
  people: PeoplePart,
  tokens: TokensPart,
  programs: ProgramsPart,
  api: ApiPart,
  audit: AuditPart,
};

/** What keeps the house running: each part answers one question, and stands at an address of its own. */
export function SystemScreen() {
  const { part } = useParams({ from: '/frame/system/$part' });
  const isKnown = isSystemPart(part);
  const row = useRef<HTMLElement>(null);
  useCurrentInSight(row, part);
  usePageHead(isKnown ? `System, ${systemParts[part]}` : 'System');
  if (!isKnown) return <NotFound />;
  const Part = parts[part];
  return (
    <>
      <nav ref={row} className={styles.parts} aria-label="Parts of the system">
        {Object.entries(systemParts).map(([name, word]) => (
          <Link key={name} to="/system/$part" params={{ part: name }}>
            {word}
          </Link>
        ))}
      </nav>
      <Suspense>
        <Part />
      </Suspense>
    </>
  );
}
