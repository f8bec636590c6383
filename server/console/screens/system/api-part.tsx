import { Skeleton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ApiDocument, apiDocumentEndpoints } from '../../../../shared/api/api-document.ts';
import { useApiDocument } from '../../api/api-document.ts';
import { here } from '../../api/place.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { FilterField, fits } from '../../parts/filter-field.tsx';
import { PageProblem } from '../../parts/page-problem.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { schemaText } from '../../words/schema-text.ts';
import styles from './api-part.module.css';
import system from './system.module.css';
import { type Operation, listOperations } from './operations.ts';

/** The API, made readable from the very document that programs read. */
export function ApiPart() {
  const document = useApiDocument();
  if (document.data === undefined) {
    if (document.error !== null)
      return <PageProblem error={document.error} what="the API" onRetry={() => void document.refetch()} />;
    return <Skeleton height={320} aria-busy="true" />;
  }
  return <Document document={document.data} />;
}

function Document({ document }: { readonly document: ApiDocument }) {
  const { search = '' } = useSearch({ from: '/frame/system/$part' });
  const navigate = useNavigate({ from: '/system/$part' });
  const all = listOperations(document);
  const shown = all.filter(({ method, path, summary, tag }) => fits(search, method, path, summary, tag));
  return (
    <>
      <Verdict>Everything the console does, a program can do.</Verdict>
      <p className={system.quiet}>
        With a token of the role that stands beside each call. Generators of clients read{' '}
        <a href={here(apiDocumentEndpoints.read.path)}>openapi.json</a>, which is OpenAPI {document.openapi}.
      </p>
      <div className={system.section}>
        <FilterField
          what="calls"
          text={search}
          onChange={text => void navigate({ search: text === '' ? {} : { search: text }, replace: true })}
          shown={shown.length}
          total={all.length}
        />
        {document.tags.map(({ name }) => {
          const operations = shown.filter(one => one.tag === name);
          if (operations.length === 0) return null;
          return (
            <section key={name} className={styles.group}>
              <h2>{name}</h2>
              {operations.map(operation => (
                <Call key={operation.id} operation={operation} document={document} />
              ))}
            </section>
          );
        })}
      </div>
    </>
  );
}

function Call({ operation, document }: { readonly operation: Operation; readonly document: ApiDocument }) {
  const { method, path, summary, role, parameters, body, answer, answerType, status } = operation;
  const { schemas } = document.components;
  const textOf = (schema: unknown) => {
    const text = schemaText(schema);
    return text in schemas ? schemaText(schemas[text]) : text;
  };
  return (
    <details className={styles.call}>
      <summary>
        <code className={styles.method}>{method}</code>
        <code className={styles.path}>{path}</code>
        <span className={styles.summary}>{summary}</span>
        <span className={styles.role}>{role ?? 'anyone'}</span>
      </summary>
      <div className={styles.inside}>
        <CommandLine command={commandOf(operation)} />
        {parameters.length > 0 && (
          <dl className={styles.parameters}>
            {parameters.map(({ name, place, required, schema }) => (
              <div key={`${place} ${name}`}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>
                  {place === 'path'
                    ? 'in the path'
                    : required
                      ? 'in the query'
                      : 'in the query, may be left out'}
                  , {schemaText(schema)}
                </dd>
              </div>
            ))}
          </dl>
        )}
        {body !== undefined && <Shape name="Body" text={textOf(body)} />}
        {answer === undefined ? (
          <p>
            Answers {status}
            {answerType === undefined ? ' with nothing.' : ` with ${answerType}.`}
          </p>
        ) : (
          <Shape name={`Answer, ${status}`} text={textOf(answer)} />
        )}
      </div>
    </details>
  );
}

function Shape({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <h3>{name}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className={styles.shape} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}

function commandOf({ method, path, role, body }: Operation): string {
  const parts = ['curl --fail-with-body'];
  if (method !== 'GET' && !(method === 'POST' && body !== undefined)) parts.push(`--request ${method}`);
  if (role !== undefined) parts.push('--header "Authorization: Bearer $BOOTMEND_TOKEN"');
  if (body !== undefined) parts.push("--json '{…}'");
  parts.push(`"${location.origin}${here(path)}"`);
  return parts.join(' ');
}
