import { lines } from '../command-definition.ts';
import { noWayBack } from '../commands/image-servicing.ts';
import type { ProseStep } from './prose-step.ts';

/** "Uninstall update KB4493472." */
export const uninstallUpdate: ProseStep = clause => {
  const update = /\b(?:uninstall|remove)\w*\b.{0,80}?\bKB\s?(\d{6,8})\b/i.exec(clause)?.[1];
  return update === undefined
    ? undefined
    : lines([`remove update KB${update}, accepting no undo`], noWayBack);
};
