import { doneAnyway, refused, symptomTold } from './around.ts';
import { switchBootLog } from './boot-log.ts';
import { askForEvidence } from './evidence.ts';
import { takeOutOfFilters } from './filter-lists.ts';
import { rollBackByNumber } from './known-issue.ts';
import { speakToPerson } from './message.ts';
import type { ProseStep } from './prose-step.ts';
import { editRegistry } from './registry.ts';
import { changeStart } from './service-start.ts';
import { uninstallUpdate } from './update.ts';

/** Steps that name what they do; the first that knows a clause reads it. */
export const proseSteps: readonly ProseStep[] = [
  speakToPerson,
  askForEvidence,
  rollBackByNumber,
  takeOutOfFilters,
  changeStart,
  editRegistry,
  uninstallUpdate,
  switchBootLog,
];

/** What is tried on a clause that names no file to do something with. */
export const proseAround: readonly ProseStep[] = [symptomTold, refused, doneAnyway];
