import type { ApiDocument } from '../../../../shared/api/api-document.ts';

type Json = Readonly<Record<string, unknown>>;

/** One call of the API, as the page shows it. */
export interface Operation {
  readonly id: string;
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** Absent where no sign-in is needed. */
  readonly role: string | undefined;
  readonly parameters: readonly {
    readonly name: string;
    readonly place: string;
    readonly required: boolean;
    readonly schema: unknown;
  }[];
  readonly body: unknown;
  readonly status: string;
  /** Schema of the answer, where it is JSON. */
  readonly answer: unknown;
  readonly answerType: string | undefined;
}

const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? (inner as Json)[name] : undefined),
    value,
  );
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Every call of a document, in its order. */
export function listOperations({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, ways]) =>
    Object.entries(ways).map(([method, operation]) => operationOf(path, method, operation)),
  );
}

function operationOf(path: string, method: string, operation: unknown): Operation {
  const responses = (at(operation, 'responses') ?? {}) as Json;
  const [status = ''] = Object.keys(responses);
  const content = (at(responses[status], 'content') ?? {}) as Json;
  const role = at(operation, 'x-role');
  return {
    id: text(at(operation, 'operationId')),
    tag: text(list(at(operation, 'tags'))[0]),
    method: method.toUpperCase(),
    path,
    summary: text(at(operation, 'summary')),
    role: typeof role === 'string' ? role : undefined,
    parameters: list(at(operation, 'parameters')).map(one => ({
      name: text(at(one, 'name')),
      place: text(at(one, 'in')),
      required: at(one, 'required') === true,
      schema: at(one, 'schema'),
    })),
    body: at(operation, 'requestBody', 'content', 'application/json', 'schema'),
    status,
    answer: at(content, 'application/json', 'schema'),
    answerType: Object.keys(content)[0],
  };
}
