import { quoteName } from '../../read-path.ts';
import { lines, notTranslated } from '../command-definition.ts';
import type { ProseStep } from './prose-step.ts';

const driver =
  /\b(?:remov\w*|delet\w*|tak\w*)\s+(?:the\s+)?(?:entry\s+|driver\s+|filter\s+)?["“'`]?([A-Za-z0-9_.-]{2,40})["”'`]?\s+(?:from|out of)\b/i;

/** "Remove cntflt from the UpperFilters." */
export const takeOutOfFilters: ProseStep = clause => {
  if (!/\b(?:upper|lower) ?filters?\b/i.test(clause)) return undefined;
  const name = driver.exec(clause)?.[1];
  return name === undefined || /^(?:it|them|entries|entry|drivers?)$/i.test(name)
    ? notTranslated('It speaks of filter lists and names no driver. Expected: remove filter entry NAME.')
    : lines([`remove filter entry ${quoteName(name.replace(/\.sys$/i, ''))}`]);
};
