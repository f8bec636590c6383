import { readFileSync } from 'node:fs';
import path from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/**
 * The built console: files with a hash in their name never change, every other address of a page gives the page, which
 * finds its way itself. `place` is where it stands for browsers.
 */
export function consoleFiles(dir: string, place: string): RequestHandler {
  const router = Router();
  router.use(
    '/assets',
    express.static(path.join(dir, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      fallthrough: false,
    }),
  );
  router.use(express.static(dir, { index: false, cacheControl: false, setHeaders: noCache }));
  const page = pageAt(readFileSync(path.join(dir, 'index.html'), 'utf8'), place);
  router.get(['/', '/*path'], sendPage(page));
  return router;
}

const noCache = (response: { setHeader(name: string, value: string): unknown }) => {
  response.setHeader('cache-control', 'no-cache');
};

/** The page as it is served below a place: its own addresses are relative to that, however deep the page's address. */
export const pageAt = (page: string, place: string): string => page.replaceAll('="./', `="${place}`);

/** Only what asks for a page gets it; a missing picture is missing. */
function sendPage(page: string): RequestHandler {
  return (request, response, next) => {
    if (path.extname(request.path) !== '' || !request.accepts('html')) return next();
    noCache(response);
    response.type('html').send(page);
  };
}
