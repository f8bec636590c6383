import type { ActionClass } from '../../../shared/remediation/actions/action-definition.ts';

/**
 * What a machine comes to when something went wrong in the middle, by its files: as before, as after, told to a person
 * as unfinished, or believed: a tool said that it succeeded, nothing shows whether it did, and the outcome says so.
 * Left: nothing could be written any more, so the menu came; the next start takes back what was begun. Anything else is
 * a half-done repair that nobody knows of.
 */
export type FaultResult = 'before' | 'after' | 'told' | 'believed' | 'left';

/** Something that goes wrong while an action is carried out. */
export interface Fault {
  /** For a person who reads the documentation. */
  readonly what: string;
  /** What may become of the machine in the same start. */
  readonly allowed: Readonly<Record<ActionClass, readonly FaultResult[]>>;
  /** Only a tool of Windows can go wrong like this. */
  readonly ofTools?: true;
}

const heldBack = { reversible: ['before', 'after'], repeatable: ['before', 'after'] } as const;
const ofTools = { reversible: [], ofTools: true } as const;

/** Everything that every action is put through, besides being cut off. */
export const faults = {
  'disk full': {
    what: 'The disk is full from some call on.',
    allowed: { ...heldBack, 'one-way': ['before', 'after', 'told'] },
  },
  'access denied': {
    what: 'One call is denied, or all from some call on.',
    allowed: {
      reversible: ['before', 'after', 'told', 'left'],
      repeatable: ['before', 'after', 'told'],
      'one-way': ['before', 'after', 'told'],
    },
  },
  'device error': {
    what: 'The disk fails at one call, or at all from some call on.',
    allowed: {
      reversible: ['before', 'after', 'told', 'left'],
      repeatable: ['before', 'after', 'told'],
      'one-way': ['before', 'after', 'told'],
    },
  },
  'file in use': {
    what: 'Somebody else holds a file that is moved, replaced, edited or saved, for reading or alone.',
    allowed: { ...heldBack, 'one-way': ['before', 'after', 'told'] },
  },
  'tool hangs': {
    what: 'A tool does its work and never ends; after its time it is ended.',
    allowed: { ...ofTools, repeatable: ['after'], 'one-way': ['after', 'told'] },
    ofTools: true,
  },
  'tool dies': {
    what: 'A tool does its work, and nobody learns how it ended.',
    allowed: { ...ofTools, repeatable: ['after'], 'one-way': ['after', 'told'] },
    ofTools: true,
  },
  'tool lies': {
    what: 'A tool says that it succeeded and did nothing.',
    allowed: { ...ofTools, repeatable: ['before', 'believed'], 'one-way': ['before', 'told'] },
    ofTools: true,
  },
  'forged journal': {
    what: 'The journal is opened again, or names other places, with good checksums or bad ones.',
    allowed: {
      reversible: ['before', 'after'],
      repeatable: ['after'],
      'one-way': ['after', 'told'],
    },
  },
} as const satisfies Readonly<Record<string, Fault>>;
export type FaultName = keyof typeof faults;

/** What a machine may come to when its power is cut at any host call, by the next start. */
export const afterCut: Fault['allowed'] = {
  reversible: ['before', 'after'],
  repeatable: ['before', 'after'],
  'one-way': ['before', 'after', 'told'],
};
