import type { ReactNode } from 'react';
import startUp from '../../../../docs/group-policy/start-up.ps1?raw';
import detect from '../../../../docs/intune/detect.ps1?raw';
import remediate from '../../../../docs/intune/remediate.ps1?raw';
import ipxe from '../../../../docs/network-start/rescue.ipxe?raw';
import { Link } from '@tanstack/react-router';
import { CommandLine } from '../../parts/command-line.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import styles from './enrol.module.css';
import type { EnrolWay } from './enrol-search.ts';

/** The steps after agent and bundle, by the way that was chosen. */
export function WaySteps({ way }: { readonly way: EnrolWay }) {
  switch (way) {
    case 'hand':
      return (
        <>
          <Step title="On the machine, as administrator">
            <p>The first line shows every file and driver it would put into the recovery image.</p>
            <CommandLine command="bootmend.exe provision --bundle bundle.json --dry-run" />
            <CommandLine command="bootmend.exe provision --bundle bundle.json" />
          </Step>
          <Prove />
        </>
      );
    case 'intune':
      return (
        <>
          <Step title="Bring both files to the machines">
            <p>
              As a Win32 app that copies <code>bootmend.exe</code> and <code>bundle.json</code> to{' '}
              <code>C:\ProgramData\BootmendSetup</code>. Only SYSTEM and administrators may read that folder.
            </p>
          </Step>
          <Step title="Add a remediation in Intune, run in 64-bit as SYSTEM">
            <Script name="Detection script" text={detect} />
            <Script name="Remediation script" text={remediate} />
          </Step>
          <Prove />
        </>
      );
    case 'policy':
      return (
        <>
          <Step title="Put both files on a share">
            <p>Let domain computers read it and nobody else: whoever reads the bundle can enrol a machine.</p>
          </Step>
          <Step title="Add a start-up script of PowerShell to a group policy">
            <Script name="Start-up script" text={startUp} />
          </Step>
          <Prove />
        </>
      );
    case 'wim':
      return (
        <>
          <Step title="Put the agent into winre.wim, on Linux">
            <p>It works on a copy, reads it back, and keeps the image as it was beside it.</p>
            <CommandLine command="npm run -s bootmend -- image add winre.wim --bundle bundle.json" />
            <CommandLine command="npm run -s bootmend -- image inspect winre.wim" />
          </Step>
          <Step title="Deploy the image">
            <p>
              By <code>reagentc /setreimage</code>, or as part of your installation image.
            </p>
          </Step>
          <Accept />
        </>
      );
    case 'network':
      return (
        <>
          <Step title="Put the agent into boot.wim, on Linux">
            <p>For machines whose own recovery environment has no agent, or is gone.</p>
            <CommandLine command="npm run -s bootmend -- image add boot.wim --rescue --bundle bundle.json" />
          </Step>
          <Step title="Start machines from it">
            <p>
              A stick: <code>MakeWinPEMedia /UFD</code>, then replace <code>sources\boot.wim</code>. The
              network: iPXE with wimboot.
            </p>
            <Script name="iPXE script" text={ipxe} />
            <p>
              BitLocker does not trust either start: the volume stays locked until a person gives out its key.
            </p>
          </Step>
          <Accept />
        </>
      );
    default:
      return way satisfies never;
  }
}

function Step({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <li>
      <h2>{title}</h2>
      {children}
    </li>
  );
}

function Prove() {
  return (
    <Step title="Prove it on one machine before a fleet gets it">
      <p>It restarts into the recovery environment, calls the server, changes nothing, and comes back.</p>
      <CommandLine command="bootmend.exe test --restart" />
      <p>
        The machine stands in <Link to="/devices">Devices</Link> with how ready it is.
      </p>
    </Step>
  );
}

function Accept() {
  return (
    <Step title="Accept each machine">
      <p>
        What enrols from an image waits until a person accepts it:{' '}
        <Link to="/devices" search={{ state: 'pending' }}>
          machines that wait
        </Link>
        .
      </p>
    </Step>
  );
}

function Script({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <figure className={styles.script}>
      <figcaption>
        {name} <CopyButton value={text} what={`the ${name.toLowerCase()}`} />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
