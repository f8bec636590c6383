import path from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/**
 * The built console: files with a hash in their name never change, every other address of a page gives the page, which
 * finds its way itself.
 */
export function consoleFiles(dir: string): RequestHandler {
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
  router.get('/*path', sendPage(dir));
  router.get('/', sendPage(dir));
  return router;
}

const noCache = (response: { setHeader(name: string, value: string): unknown }) => {
  response.setHeader('cache-control', 'no-cache');
};

/** Only what asks for a page gets it; a missing picture is missing. */
function sendPage(dir: string): RequestHandler {
  return (request, response, next) => {
    if (path.extname(request.path) !== '' || !request.accepts('html')) return next();
    response.sendFile(path.join(dir, 'index.html'), {
      cacheControl: false,
      headers: { 'cache-control': 'no-cache' },
    });
  };
}
