import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { RemediationDetail, RemediationVersion } from '../../../../shared/api/remediation.ts';
import {
  type BrowserKey,
  findBrowserKey,
  makeBrowserKey,
  sha256Of,
  signApproval,
} from '../../api/browser-key.ts';
import { useApprove } from '../../api/remediations.ts';
import { useSession } from '../../api/session.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Exact } from '../../parts/exact.tsx';
import { Moment } from '../../parts/moment.tsx';
import { ScriptReach } from '../../parts/script-reach.tsx';
import { remediationWords } from '../../words/remediations.ts';
import { hasRightsOf } from '../../words/rights.ts';
import styles from './remediation.module.css';

interface SignPanelProps {
  readonly detail: RemediationDetail;
  /** Whether the editor holds something that is not saved. */
  readonly isChanged: boolean;
}

/** Who has to sign the newest version, and the way to do it: in this browser, or on paper for high risk. */
export function SignPanel({ detail, isChanged }: SignPanelProps) {
  const version = detail.versions[0]!;
  const isApprover = hasRightsOf(useSession().data?.role, 'approver');
  const { trust } = detail;
  const signed = version.approval?.signers ?? [];
  return (
    <>
      <p className={styles.lead}>
        Version {version.version}: {remediationWords[version.state].meaning}
      </p>
      {isChanged && (
        <p className={styles.problem}>What stands in the editor is not saved, and not what is signed.</p>
      )}
      <ScriptReach remediationId={detail.remediationId} version={version.version} />
      {trust && trust.threshold === 1 && (
        <p className={styles.quiet}>
          One signature is enough here: whoever writes a script can approve it alone.
        </p>
      )}
      {version.approval !== undefined && (
        <p>
          {signed.length} of {trust?.threshold ?? '?'} signatures
          {signed.length > 0 && `: ${signed.map(one => `${one.owner} (${one.kind} key)`).join(', ')}`}. Good
          until <Moment at={version.approval.expiresAt} as="instant" focusable />.
        </p>
      )}
      {!trust ? (
        <p>
          Nobody can sign yet: machines believe no keys. <code>docs/getting-started.md</code> has the steps.
        </p>
      ) : version.state === 'in-force' ? null : version.risk === 'high' ? (
        <Paper remediationId={detail.remediationId} />
      ) : !isApprover ? (
        <p className={styles.quiet}>The role approver hands in signatures that were made in a browser.</p>
      ) : (
        <InBrowser detail={detail} version={version} />
      )}
      {trust && version.risk !== 'high' && version.state !== 'in-force' && (
        <details className={styles.more}>
          <summary>Sign with a key file instead</summary>
          <Paper remediationId={detail.remediationId} />
        </details>
      )}
    </>
  );
}

/** The way around the server: a page that a stolen server serves could lie, a paper cannot. */
function Paper({ remediationId }: { readonly remediationId: string }) {
  return (
    <section className={styles.paper}>
      <h2 className={styles.heading}>On paper, with a key file</h2>
      <p>Write the paper on the server, sign it on a machine of your own, and bring it back.</p>
      <CommandLine command={`npm run -s bootmend -- review ${remediationId} --to ${remediationId}.json`} />
      <CommandLine command={`npm run -s bootmend -- sign ${remediationId}.json --key KEY.json`} />
      <CommandLine command={`npm run -s bootmend -- approve ${remediationId}.json`} />
    </section>
  );
}

function InBrowser({
  detail,
  version,
}: {
  readonly detail: RemediationDetail;
  readonly version: RemediationVersion;
}) {
  const session = useSession();
  const owner = session.data?.name ?? '';
  const [mine, setMine] = useState<BrowserKey>();
  const [problem, setProblem] = useState<string>();
  const [days, setDays] = useState(30);
  const approve = useApprove(detail.remediationId);
  useEffect(() => {
    void findBrowserKey(owner).then(setMine, () => setMine(undefined));
  }, [owner]);
  const isBelieved = detail.trust?.approvers.some(one => one.publicKey === mine?.key.publicKey) ?? false;

  const sign = async (key: BrowserKey) => {
    setProblem(undefined);
    if ((await sha256Of(version.text)) !== version.sha256) {
      setProblem('The script on this page is not the one with this hash. Nothing was signed.');
      return;
    }
    const now = Date.now();
    const begun = version.state === 'waiting' ? version.approval?.envelope : undefined;
    const approval = {
      type: 'approval' as const,
      organization: detail.organization,
      remediationId: detail.remediationId,
      version: version.version,
      scriptSha256: version.sha256,
      risk: version.risk,
      sequence: detail.nextSequence,
      approvedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + days * 86_400_000).toISOString(),
      devices: { kind: 'every-device' as const, where: [] },
    };
    approve.mutate(await signApproval(key, begun ? { begun } : { approval }));
  };
  const attempt = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));

  return (
    <>
      <h2 className={styles.heading}>In this browser</h2>
      {mine === undefined ? (
        <>
          <p>Your key is made here, and its secret half never leaves this browser.</p>
          <Button variant="default" onClick={() => attempt(makeBrowserKey(owner).then(setMine))}>
            Make my key
          </Button>
        </>
      ) : isBelieved ? (
        <form
          className={styles.form}
          onSubmit={event => {
            event.preventDefault();
            attempt(sign(mine));
          }}
        >
          <p>
            You sign exactly these bytes:{' '}
            <Exact
              value={version.sha256}
              short={`${version.sha256.slice(0, 16)}…`}
              what="the hash of the script"
            />
            . Every machine that it fits will run them without asking again.
          </p>
          <TextInput
            type="number"
            label="Good for days"
            min={1}
            max={366}
            value={days}
            onChange={event => setDays(Math.min(366, Math.max(1, Number(event.currentTarget.value) || 30)))}
          />
          <Button type="submit" loading={approve.isPending}>
            Sign and publish version {version.version}
          </Button>
        </form>
      ) : (
        <>
          <p>
            Your key <code>{mine.key.keyId}</code> is here, and no machine believes it yet. Save this as{' '}
            <code>{owner}.pub.json</code> and put it into the next trust document:{' '}
            <CopyButton value={JSON.stringify(mine.key, null, 2)} what="the public key" />
          </p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and keyboards must reach it */}
          <pre className={styles.script} tabIndex={0} aria-label="Public key">
            {JSON.stringify(mine.key, null, 2)}
          </pre>
          <CommandLine
            command={`npm run -s bootmend -- trust draft trust.json --approver ${owner}.pub.json`}
          />
        </>
      )}
      <div aria-live="polite">
        {(problem ?? approve.error?.message) !== undefined && (
          <p className={styles.problem}>{problem ?? approve.error?.message}</p>
        )}
        {approve.data !== undefined && (
          <p>
            {approve.data.complete
              ? 'Signed. It is in force.'
              : `Signed. ${approve.data.signers.length} of ${approve.data.threshold} signatures.`}
          </p>
        )}
      </div>
    </>
  );
}
