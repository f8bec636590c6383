import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import type { ConditionSource, FactConditionSource } from '../../../../shared/rules/source/issue-schema.ts';

/** The fields of a known issue that the form shows as texts. */
export const textFields = [
  'id',
  'title',
  'vendor',
  'product',
  'cause',
  'affected',
  'summary',
  'firstSeenAt',
  'policy',
  'priority',
  'confidence',
  'remediation',
] as const;
export type TextField = (typeof textFields)[number];

/** What the form shows of a source; undefined where the text is no YAML. */
export interface SourceForm {
  readonly fields: Readonly<Record<TextField, string>>;
  /** One step a line. */
  readonly advice: string;
  /** The conditions that must all hold; undefined when the rule has another shape. */
  readonly conditions: readonly ConditionSource[] | undefined;
}

/** Reads what the form shows. The text stays the truth; comments and order are its own. */
export function readForm(source: string): SourceForm | undefined {
  const document = parseDocument(source, { prettyErrors: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const value = document.toJS() as Record<string, unknown>;
  const textOf = (name: string) => {
    const own = value[name];
    if (own instanceof Date) return own.toISOString();
    return typeof own === 'string' || typeof own === 'number' ? String(own).trim() : '';
  };
  const advice = value['advice'];
  const all = (value['when'] as { all?: unknown } | undefined)?.all;
  return {
    fields: Object.fromEntries(textFields.map(name => [name, textOf(name)])) as Record<TextField, string>,
    advice: Array.isArray(advice) ? advice.map(String).join('\n') : '',
    conditions: Array.isArray(all) ? (all as ConditionSource[]) : undefined,
  };
}

/** The source with one field changed; an empty text takes the field out. */
export const withField = (source: string, name: TextField, text: string): string =>
  change(source, document => {
    if (text === '') document.delete(name);
    else document.set(name, name === 'priority' && /^\d+$/.test(text) ? Number(text) : text);
  });

/** The source with other advice, one step a line. */
export const withAdvice = (source: string, text: string): string =>
  change(source, document => {
    const steps = text.split('\n').filter(line => line.trim() !== '');
    if (steps.length === 0) document.delete('advice');
    else document.set('advice', document.createNode(steps));
  });

/** The source with one more condition that must hold. */
export const withCondition = (source: string, condition: ConditionSource): string =>
  change(source, document => {
    const all = document.getIn(['when', 'all']);
    if (isSeq(all)) all.add(document.createNode(condition));
    else document.set('when', document.createNode({ all: [condition] }));
  });

export const withoutCondition = (source: string, index: number): string =>
  change(source, document => {
    document.deleteIn(['when', 'all', index]);
  });

function change(source: string, edit: (document: Document) => void): string {
  const document = parseDocument(source);
  if (document.errors.length > 0) return source;
  edit(document);
  return document.toString({ lineWidth: 110, singleQuote: true });
}

/** What can be asked of a fact in the form, by the word of the source. */
export const questions = {
  equals: 'is',
  like: 'looks like',
  atLeast: 'is at least',
  below: 'is below',
  exists: 'is known',
} as const;
export type Question = keyof typeof questions;

/** A condition of the form as the source writes it. */
export function factCondition(fact: string, question: Question, text: string): FactConditionSource {
  if (question === 'exists') return { fact, exists: true };
  const value = /^-?\d{1,9}$/.test(text) && !fact.endsWith('version') ? Number(text) : text;
  if (question === 'like') return { fact, like: text };
  if (question === 'equals')
    return { fact, equals: text === 'true' ? true : text === 'false' ? false : value };
  return question === 'below' ? { fact, below: value } : { fact, atLeast: value };
}

/** What a new known issue starts from. */
export const emptySource = (day: string): string => `id: vendor-${day}
title: Say what stops Windows
vendor: Vendor
product: Product
firstSeenAt: ${day}T00:00:00Z
affected: Say which machines have it, in one sentence.
cause: Say the cause in one line, for the list of incidents.
summary: >-
  Say what happened, for the admin who reads the incident.

when:
  all:
    - fact: crash.module
      equals: vendor.sys

advice:
  - Say here what a person does, step by step, or name a remediation instead.
policy: never
priority: 500
confidence: low

sources:
  - title: The page of the vendor
    url: https://vendor.example/
`;
