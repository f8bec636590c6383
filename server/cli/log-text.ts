import { renderBoots, renderTrail } from './boot-log-text.ts';
import { renderBootStatus, renderEvents } from './event-text.ts';
import type { LogReading } from './evidence/read-evidence.ts';
import { renderRenames, renderServicing, renderSetupapi, renderTransaction } from './servicing-text.ts';
import { type Paint, alignColumns } from './terminal.ts';

/** A log as a person reads it: the newest and the telling first, what was not understood last. */
export const renderLog = (log: LogReading, paint: Paint): string[] => [
  ...renderContent(log, paint),
  ...renderProblems(log, paint),
];

function renderContent(log: LogReading, paint: Paint): string[] {
  switch (log.format) {
    case 'ntbtlog':
      return renderBoots(log, paint);
    case 'srt-trail':
      return renderTrail(log, paint);
    case 'servicing-log':
      return renderServicing(log, paint);
    case 'setupapi-log':
      return renderSetupapi(log, paint);
    case 'pending-renames-log':
      return renderRenames(log, paint);
    case 'pending-transaction':
      return renderTransaction(log, paint);
    case 'boot-status':
      return renderBootStatus(log, paint);
    case 'system-events':
      return renderEvents(log, paint);
    default:
      return log satisfies never;
  }
}

function renderProblems({ problems }: LogReading, paint: Paint): string[] {
  if (problems.length === 0) return [];
  const rows = problems.map(one => {
    const line = 'line' in one && one.line !== undefined ? `line ${one.line}` : '';
    return [one.code, line, one.message];
  });
  return ['', paint('warn', 'Not understood'), ...alignColumns(rows)];
}
