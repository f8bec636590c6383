import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import type { LabFault } from '../../../agent/lab/lab-fault.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { windows11OfJuly2024 } from '../../../agent/lab/windows-profile.ts';
import { type ActionTrial, actionTrials, type TrialName, trialUpdate } from './action-trials.ts';

/** Windows of July 2024 that has not taken the update of the trials yet. */
const windows = {
  ...windows11OfJuly2024,
  packages: windows11OfJuly2024.packages.map(one =>
    one.name === trialUpdate ? { ...one, state: 0x00 } : one,
  ),
};

/** A machine, and why it does not start. */
export type TrialMachine = LabMachine & { readonly fault: LabFault };

/** The lab machine that several actions heal together: it stops with 0x50 at every start until all are done. */
export function trialMachine(id: string, trials: readonly ActionTrial[]): TrialMachine {
  const fault = kernelFault({
    because: tree => !trials.every(one => one.isDone(tree)),
    osBuild: windows.osBuild,
    bugcheck: 0x50,
    parameters: [0xffff_8a0d_4c1b_2000n, 0n, 0xffff_f803_1b2c_d0e0n, 2n],
  });
  const machine = failingMachine({
    id,
    title: `Does not start until somebody does what heals it: ${id}`,
    name: 'LAPTOP-4711',
    clockAt: '2024-07-19T04:21:07.000Z',
    windows,
    fault,
    happen: volume => {
      for (const { prepare } of trials) prepare(volume);
    },
  });
  return { ...machine, fault };
}

/** The script that heals it. */
export const trialScript = (trials: readonly ActionTrial[]): string =>
  [
    'remediation "Try it"',
    `  risk ${trials.some(one => one.risk === 'high') ? 'high' : 'medium'}`,
    '',
    'require crash code is 0x50',
    '',
    ...trials.map(one => one.step),
    'reboot',
    '',
  ].join('\n');

const machines = new Map<TrialName, TrialMachine>();

/** The lab machine that one action heals. */
export function actionMachine(name: TrialName): TrialMachine {
  const machine =
    machines.get(name) ?? trialMachine(`action-${name.replaceAll(' ', '-')}`, [actionTrials[name]]);
  machines.set(name, machine);
  return machine;
}

/** The script of one action. */
export const actionScript = (name: TrialName): string => trialScript([actionTrials[name]]);
