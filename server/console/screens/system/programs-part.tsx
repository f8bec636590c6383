import { Button, Skeleton, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AllowedProgramList, AllowedProgramRow } from '../../../../shared/api/allowed-program.ts';
import { sayNames } from '../../../../shared/api/say-reach.ts';
import { type AllowedProgram, allowedProgram } from '../../../../shared/remediation/program-policy.ts';
import { useAllowedPrograms, useAllowProgram, useDisallowProgram } from '../../api/allowed-programs.ts';
import { useSession } from '../../api/session.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { counted } from '../../words/amounts.ts';
import { personOf } from '../../words/people.ts';
import { hasRightsOf } from '../../words/rights.ts';
import { spoken } from '../../words/verdict.ts';
import styles from './system.module.css';

/** The programs that scripts may run on machines: the list that bundles bring, and what machines told. */
export function ProgramsPart() {
  const list = useAllowedPrograms();
  const mayChange = hasRightsOf(useSession().data?.role, 'admin');
  if (list.data === undefined) {
    if (list.error !== null)
      return (
        <PageProblem
          error={list.error}
          what="the list of allowed programs"
          onRetry={() => void list.refetch()}
        />
      );
    return <Skeleton height={240} aria-busy="true" />;
  }
  const { programs, elsewhere } = list.data;
  return (
    <>
      <Verdict>
        {programs.length === 0
          ? 'Machines that enrol from now on let scripts run no program.'
          : `Machines that enrol from now on let scripts run ${spoken(programs.length).toLowerCase()} ${programs.length === 1 ? 'program' : 'programs'}.`}
      </Verdict>
      <p className={styles.quiet}>
        A script that says <code>run</code> works only where the machine’s own list names exactly this file.
        Bundles that are made here bring this list. A machine keeps what its bundle brought: nothing that this
        server sends later changes it.
      </p>
      {programs.length > 0 && <ProgramRows list={list.data} mayChange={mayChange} />}
      {mayChange ? <NewProgram /> : <p className={styles.quiet}>The role admin may change this list.</p>}
      {programs.length > 0 && <ToEnrolled />}
      {elsewhere.length > 0 && <Elsewhere list={list.data} />}
    </>
  );
}

function ProgramRows({
  list: { programs, machines, told },
  mayChange,
}: {
  readonly list: AllowedProgramList;
  readonly mayChange: boolean;
}) {
  const remove = useDisallowProgram();
  const [asked, setAsked] = useState<AllowedProgramRow>();
  return (
    <section className={styles.section}>
      <h2>On the list</h2>
      <ul className={`${styles.rows} ${styles.programs}`} aria-label="Programs on the list">
        {programs.map(program => (
          <li key={program.programId}>
            <ProgramFile program={program} />
            <span>
              {program.allowing.toLocaleString('en')} of {counted(machines, 'machine')} allow it
            </span>
            <span className={styles.quiet}>
              by {personOf(program.addedBy)}, <Moment at={program.addedAt} as="ago" />
            </span>
            {mayChange && (
              <Button variant="default" size="compact-sm" onClick={() => setAsked(program)}>
                Take off
              </Button>
            )}
          </li>
        ))}
      </ul>
      {told < machines && (
        <p className={styles.quiet}>
          {(machines - told).toLocaleString('en')} of {counted(machines, 'machine')} have not told yet what
          they allow.
        </p>
      )}
      <Dialog title="Take it off the list?" opened={asked !== undefined} onClose={() => setAsked(undefined)}>
        <p>
          Bundles that are made from now on do not allow <code>{asked?.path}</code>.{' '}
          {asked?.allowing === 0
            ? 'No machine allows it, by what they last told.'
            : `${(asked?.allowing ?? 0).toLocaleString('en')} of ${counted(machines, 'machine')} allow it and go on until their admin gives them a new bundle.`}{' '}
          You can put it on the list again.
        </p>
        {remove.error !== null && <p role="alert">{remove.error.message}</p>}
        <Button
          mt={16}
          data-autofocus
          loading={remove.isPending}
          onClick={() => asked && remove.mutate(asked.programId, { onSuccess: () => setAsked(undefined) })}
        >
          Take it off
        </Button>
      </Dialog>
    </section>
  );
}

/** The file that a list means: by its path and by its bytes. */
function ProgramFile({ program: { path, sha256 } }: { readonly program: AllowedProgram }) {
  return (
    <span>
      <code>{path}</code>
      <br />
      <span className={styles.quiet}>
        <Exact value={sha256} short={`${sha256.slice(0, 16)}…`} what="the SHA-256" />
      </span>
    </span>
  );
}

function NewProgram() {
  const add = useAllowProgram();
  const [path, setPath] = useState('');
  const [hash, setHash] = useState('');
  const [isAsked, setAsked] = useState(false);
  const parsed = allowedProgram.safeParse({ path: path.trim(), sha256: hash.trim().toLowerCase() });
  const wrong = (field: string, text: string) =>
    text.trim() === '' || parsed.success
      ? undefined
      : parsed.error.issues.find(issue => issue.path[0] === field)?.message;
  const close = () => {
    setAsked(false);
    add.reset();
  };
  return (
    <section className={styles.section}>
      <h2>Allow a program</h2>
      <form
        className={styles.programForm}
        onSubmit={event => {
          event.preventDefault();
          if (parsed.success) setAsked(true);
        }}
      >
        <TextInput
          label="Path, as a script writes it"
          placeholder="%ProgramFiles%\Contoso\mend.exe"
          value={path}
          error={wrong('path', path)}
          onChange={event => setPath(event.currentTarget.value)}
        />
        <TextInput
          label="SHA-256 of the file"
          placeholder="64 hexadecimal digits"
          value={hash}
          error={wrong('sha256', hash)}
          onChange={event => setHash(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!parsed.success}>
          Allow it
        </Button>
      </form>
      <p className={styles.quiet}>PowerShell, on a machine that has the program, tells the hash:</p>
      <CommandLine command="(Get-FileHash 'C:\Program Files\Contoso\mend.exe').Hash" />
      <Dialog title="Allow this program?" opened={isAsked} onClose={close}>
        <p>
          Machines that enrol with a bundle made from now on let signed scripts run <code>{path.trim()}</code>{' '}
          as SYSTEM, before Windows starts. Allow only programs that do one thing: whatever its vendor built
          into it, it can do. Machines that are enrolled do not change by this. You can take it off again.
        </p>
        {add.error !== null && <p role="alert">{add.error.message}</p>}
        <Button
          mt={16}
          data-autofocus
          loading={add.isPending}
          onClick={() =>
            parsed.success &&
            add.mutate(parsed.data, {
              onSuccess: () => {
                close();
                setPath('');
                setHash('');
              },
            })
          }
        >
          Allow it
        </Button>
      </Dialog>
    </section>
  );
}

/** How the list reaches machines that have another one. */
function ToEnrolled() {
  return (
    <section className={styles.section}>
      <h2>Machines that are enrolled</h2>
      <p>
        <Link to="/devices/enrol">Make a bundle</Link> and run this there as an admin, by hand or with your
        management. It puts this list in the place of the one they have:
      </p>
      <CommandLine command="bootmend.exe provision --bundle bundle.json" />
    </section>
  );
}

function Elsewhere({ list: { elsewhere } }: { readonly list: AllowedProgramList }) {
  return (
    <section className={styles.section}>
      <h2>Allowed by machines, and not on this list</h2>
      <ul className={`${styles.rows} ${styles.programs}`} aria-label="Programs that machines allow">
        {elsewhere.map(({ path, sha256, machines, names }) => (
          <li key={`${path}=${sha256}`}>
            <ProgramFile program={{ path, sha256 }} />
            <span>{counted(machines, 'machine')}</span>
            <span className={styles.quiet}>{sayNames(names, machines)}</span>
          </li>
        ))}
      </ul>
      <p className={styles.quiet}>
        Another bundle brought these. A new bundle puts this list in the place of theirs.
      </p>
    </section>
  );
}
