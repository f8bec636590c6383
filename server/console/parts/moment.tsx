import { Tooltip } from '@mantine/core';
import { useNow } from './use-now.ts';
import { agoText, clockText, instantText, utcText } from '../words/times.ts';

interface MomentProps {
  readonly at: string;
  /** `clock` for moments of one story, `instant` with its day, `ago` in lists. */
  readonly as: 'clock' | 'instant' | 'ago';
  /** Reachable with the keyboard, so that the UTC instant can be read; off in long lists. */
  readonly focusable?: boolean;
}

/** An instant in the reader's zone; the exact one in UTC on hover and focus. */
export function Moment({ at, as, focusable = false }: MomentProps) {
  const nowMs = useNow();
  const text =
    as === 'clock' ? clockText(at) : as === 'instant' ? instantText(at, nowMs) : agoText(at, nowMs);
  const exact = as === 'ago' ? `${instantText(at, nowMs)} · ${utcText(at)}` : utcText(at);
  return (
    <Tooltip label={exact}>
      {focusable ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the exact instant is there for keyboards too
        <time dateTime={at} tabIndex={0}>
          {text}
        </time>
      ) : (
        <time dateTime={at}>{text}</time>
      )}
    </Tooltip>
  );
}
