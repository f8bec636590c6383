import * as z from 'zod/mini';
import { type Facts, fileFact, searchFact } from './facts.ts';
import type { FactType } from './fact-definition.ts';
import { findDefinition } from './vocabulary.ts';

/** A check-in carries at most this many facts; longer lists belong to inventory. */
export const maxFacts = 256;

const text = z.string().check(z.maxLength(512));
const valueOf: Record<FactType, z.ZodMiniType> = {
  text,
  number: z.int(),
  hex64: z.string().check(z.regex(/^0x[0-9a-f]{1,16}$/)),
  version: z.string().check(z.regex(/^\d{1,9}(\.\d{1,9}){0,3}$/)),
  instant: z.iso.datetime(),
  flag: z.boolean(),
  file: fileFact,
  search: searchFact,
};

/** Facts that hold to the vocabulary, and the names of those that were left out because they do not. */
export interface ParsedFacts {
  readonly facts: Facts;
  readonly dropped: readonly string[];
}

/** Reads facts that a device sent. A fact of an unknown name or a wrong type is dropped and named: it stays unknown. */
export function parseFacts(input: Readonly<Record<string, unknown>>): ParsedFacts {
  const facts: Record<string, Facts[string]> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(input).slice(0, maxFacts)) {
    const definition = name.length <= 400 ? findDefinition(name) : undefined;
    const parsed = definition && valueOf[definition.type].safeParse(value);
    if (parsed?.success) facts[name] = parsed.data as Facts[string];
    else dropped.push(name.slice(0, 100));
  }
  return { facts, dropped };
}
