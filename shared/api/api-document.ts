import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';

/** As much of an OpenAPI 3.1 document as a page that shows it needs. */
export const apiDocument = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.looseObject({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
export type ApiDocument = z.infer<typeof apiDocument>;

export const apiDocumentEndpoints = {
  read: endpoint({
    method: 'GET',
    path: '/api/openapi.json',
    role: 'anyone',
    summary: 'This document.',
    status: 200,
    answer: apiDocument,
  }),
};
