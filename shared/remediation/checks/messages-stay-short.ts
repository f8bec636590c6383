import { secondsOf } from '../actions/message.ts';
import { actionsOf } from '../syntax-tree.ts';
import type { Check } from './check.ts';

const mostSeconds = 300;

/** Reading holds up the repair, so all messages of a script together have a time. */
export const messagesStayShort: Check = (script, report) => {
  let seconds = 0;
  for (const action of actionsOf(script)) {
    if (action.verb !== 'message') continue;
    seconds += secondsOf(action);
    if (seconds <= mostSeconds) continue;
    report.add(
      'messages-too-long',
      action.span,
      `With this message all of them stand for ${seconds} seconds. Expected: at most ${mostSeconds} together.`,
    );
    return;
  }
};
