import type { FactValue } from './facts.ts';

/** What a fact's value is and how it compares. `hex64` is a `0x` lower-case hex string of at most 64 bits. */
export type FactType = 'text' | 'number' | 'hex64' | 'version' | 'instant' | 'flag' | 'file' | 'search';

/** Whom a fact tells of, from what every machine of a kind shares to what names somebody. */
export const privacyClasses = {
  machine: 'Hardware, Windows itself and how it crashed; equal on many machines.',
  software: 'Names of installed products, drivers, updates and files; tells what somebody uses.',
  configuration: 'How this machine is set up and what state it is in.',
  person: 'Names a person, a machine or an organization.',
} as const;
export type PrivacyClass = keyof typeof privacyClasses;

/** One entry of the vocabulary: an exact name, or a family whose variable part stands as `*`. */
export interface FactDefinition {
  readonly name: string;
  readonly type: FactType;
  readonly unit?: string;
  readonly meaning: string;
  /** How a sentence names the fact, where its meaning says too much for that; `*` stands for the variable part of a family. */
  readonly phrase?: string;
  readonly source: string;
  readonly privacy: PrivacyClass;
  /** A name, as a device would write it, and a value. */
  readonly example: readonly [name: string, value: FactValue];
}
