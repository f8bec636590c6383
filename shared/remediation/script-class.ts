import { definitionOfAction } from './action-table.ts';
import type { ActionClass } from './actions/action-definition.ts';
import { actionsOf, type Script } from './syntax-tree.ts';

const classes: readonly ActionClass[] = ['reversible', 'repeatable', 'one-way'];

/** The class of the step that promises least about going back. */
export const classOf = (script: Script): ActionClass =>
  classes[
    Math.max(0, ...actionsOf(script).map(action => classes.indexOf(definitionOfAction(action).class)))
  ]!;
