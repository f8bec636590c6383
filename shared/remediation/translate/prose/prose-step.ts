import type { PasteContext, TranslatedCommand } from '../command-definition.ts';

/** A kind of step as articles say it: what one clause comes to; undefined when it says nothing of the kind. */
export type ProseStep = (clause: string, context: PasteContext) => TranslatedCommand | undefined;
