import { durationText } from './amounts.ts';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** `09:14:03` in the reader's zone. */
export const clockText = (at: string): string => clock.format(new Date(at));

/** `09:14` in the reader's zone. */
export const shortClockText = (at: string): string => shortClock.format(new Date(at));

/** `20 Nov, 09:14:03`, with the year when it is not this one. */
export function instantText(at: string, nowMs: number): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return `${(sameYear ? day : dayOfYear).format(date)}, ${clock.format(date)}`;
}

/** `12 min ago` within the hour, the clock within the day, else the date: what a list needs and no more. */
export function agoText(at: string, nowMs: number): string {
  const date = new Date(at);
  const ageMs = nowMs - date.getTime();
  if (ageMs < 45_000) return 'just now';
  if (ageMs < 3_600_000) return `${Math.max(1, Math.round(ageMs / 60_000))} min ago`;
  if (date.toDateString() === new Date(nowMs).toDateString()) return shortClock.format(date);
  return (date.getFullYear() === new Date(nowMs).getFullYear() ? day : dayOfYear).format(date);
}

/** `2026-11-20 09:14:03 UTC`: the exact instant, the same for every reader. */
export const utcText = (at: string): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `2024-07-16 15:41:07`: a time of a log that knows no zone, by the machine's clock. */
export const localText = (at: string): string => at.slice(0, 19).replace('T', ' ');

/** `+0.3 s`, `+13 s`: how long after the start of a story. */
export function offsetText(at: string, startAt: string): string {
  const ms = Math.max(0, Date.parse(at) - Date.parse(startAt));
  return `+${ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : durationText(ms)}`;
}
