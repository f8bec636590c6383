import { notTranslated } from '../command-definition.ts';
import { addValue, deleteValue, keyOf } from '../commands/registry.ts';
import type { ProseStep } from './prose-step.ts';

const keys = /[“"]?((?:HKLM|HKEY_LOCAL_MACHINE)\\(?:[^\s“”",;]|(?<=[“"][^“”"]{0,200})\s)+)/i;
const namedBehind = /\b(?:value|entry)\s+(?:named |called )?[“"'`]?([A-Za-z0-9_.-]{1,64})/i;
const namedBefore = /[“"'`]?\b([A-Za-z0-9_.-]{1,64})[”"'`]?\s+(?:registry )?(?:value|entry)\b/i;
const noName =
  /^(?:the|a|an|this|that|registry|of|in|under|below|from|to|at|is|for|its|and|delete|remove|set)$/i;
const number = /\b(?:to|=)\s+(?:the )?(?:value |number )?[“"]?(0x[0-9a-f]{1,8}|\d{1,10})\b/i;

/** "Delete the value Channel below HKLM\…", "Set the value Channel of HKLM\… to 1", "Delete the key HKLM\…". */
export const editRegistry: ProseStep = (clause, context) => {
  const key = keys.exec(clause)?.[1]?.replace(/[.\\]+$/, '');
  if (key === undefined) return undefined;
  const rest = clause.replace(key, '');
  const name = [namedBehind, namedBefore]
    .map(pattern => pattern.exec(rest)?.[1])
    .find(one => one !== undefined && !noName.test(one));
  const whole = keyOf(key, context);
  const written = { separator: ',', isAll: false };
  if (/\b(?:delete|remove)\b/i.test(clause)) {
    // A key goes with everything in it: only who says "key" and no value means that.
    if (name === undefined && (/\b(?:values?|entr(?:y|ies))\b/i.test(rest) || !/\b(?:sub)?key\b/i.test(rest)))
      return notTranslated(
        'It deletes something in the registry and names no value. Expected: remove registry KEY value NAME.',
      );
    return deleteValue(whole, { ...written, name, type: '', data: '' });
  }
  const data = number.exec(clause)?.[1];
  if (!/\b(?:set|change|create|add)\b/i.test(clause) || data === undefined || name === undefined)
    return undefined;
  return addValue(whole, { ...written, name, type: 'REG_DWORD', data });
};
