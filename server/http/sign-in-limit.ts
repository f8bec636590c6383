import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Refusal } from './refusal.ts';

const windowMs = 10 * 60_000;
const triesPerWindow = 20;

/** Slows down whoever guesses: so many failed tries from one address, then 429 until the window is over. */
export function signInLimit(): RequestHandler {
  return rateLimit({
    windowMs,
    limit: triesPerWindow,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Whom X-Forwarded-For is believed is settled where the listener is made.
    validate: { xForwardedForHeader: false },
    handler: () => {
      throw new Refusal('too-many-requests', 'Too many failed tries from here; try again in ten minutes.', {
        retryAfterSeconds: windowMs / 1000,
      });
    },
  });
}
