import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { kernelFault } from '../../../agent/lab/faults/kernel-fault.ts';
import type { LabFault } from '../../../agent/lab/lab-fault.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import { windows11OfJuly2024 } from '../../../agent/lab/windows-profile.ts';
import type { Action } from '../../../shared/remediation/syntax-tree.ts';
import { actionTrials, trialUpdate } from './action-trials.ts';

/** Windows of July 2024 that has not taken the update of the trials yet. */
const windows = {
  ...windows11OfJuly2024,
  packages: windows11OfJuly2024.packages.map(one =>
    one.name === trialUpdate ? { ...one, state: 0x00 } : one,
  ),
};

const machines = new Map<Action['verb'], LabMachine & { readonly fault: LabFault }>();

/** The lab machine that an action heals: it stops with 0x50 at every start until the action is done. */
export function actionMachine(verb: Action['verb']): LabMachine & { readonly fault: LabFault } {
  const { prepare, isDone } = actionTrials[verb];
  const fault = kernelFault({
    because: tree => !isDone(tree),
    osBuild: windows.osBuild,
    bugcheck: 0x50,
    parameters: [0xffff_8a0d_4c1b_2000n, 0n, 0xffff_f803_1b2c_d0e0n, 2n],
  });
  const machine = machines.get(verb) ?? {
    ...failingMachine({
      id: `action-${verb.replaceAll(' ', '-')}`,
      title: `Does not start until somebody tells it to ${verb}`,
      name: 'LAPTOP-4711',
      clockAt: '2024-07-19T04:21:07.000Z',
      windows,
      fault,
      happen: prepare,
    }),
    fault,
  };
  machines.set(verb, machine);
  return machine;
}

/** The script that heals it. */
export const actionScript = (verb: Action['verb']): string =>
  `remediation "Try it"\n  risk medium\n\nrequire crash code is 0x50\n\n${actionTrials[verb].step}\nreboot\n`;
