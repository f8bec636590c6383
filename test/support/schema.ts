import type { Sql } from '../../server/db/sql.ts';

interface Column {
  readonly table_name: string;
  readonly kind: string;
  readonly partition_of: string | null;
  readonly partition_key: string | null;
  readonly column_name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly default_value: string | null;
}

interface Part {
  readonly table_name: string;
  readonly definition: string;
}

/** The tables of a database as its catalogue tells them: columns, keys, checks, indexes and triggers, for a person to read. */
export async function readSchema(sql: Sql): Promise<string> {
  const columns = await sql.query<Column>(`
    select c.relname as table_name, c.relkind as kind, parent.relname as partition_of,
      pg_get_partkeydef(c.oid) as partition_key, a.attname as column_name,
      format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
      pg_get_expr(d.adbin, d.adrelid) as default_value
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_inherits i on i.inhrelid = c.oid
    left join pg_class parent on parent.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by c.relname collate "C", a.attnum`);
  const constraints = await sql.query<Part>(`
    select c.relname as table_name, pg_get_constraintdef(k.oid) collate "C" as definition
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c') and k.conparentid = 0
    order by 2`);
  const indexes = await sql.query<Part>(`
    select c.relname as table_name, i.relname || ' ' || substring(pg_get_indexdef(i.oid) from ' USING (.*)$') as definition
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_class c on c.oid = x.indrelid
    where c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint k where k.conindid = i.oid)
    order by i.relname collate "C"`);
  const triggers = await sql.query<Part>(`
    select c.relname as table_name, regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER | ON public\\.\\S+', '', 'g')
      as definition
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and t.tgparentid = 0
    order by t.tgname collate "C"`);
  const partitions = new Map<string, number>();
  for (const one of new Map(columns.map(column => [column.table_name, column])).values())
    if (one.partition_of !== null)
      partitions.set(one.partition_of, (partitions.get(one.partition_of) ?? 0) + 1);
  const tables = Map.groupBy(
    columns.filter(column => column.partition_of === null),
    column => column.table_name,
  );
  return [...tables]
    .map(([table, [first, ...others]]) =>
      [
        headOf(first!, partitions.get(table)),
        ...alignColumns([first!, ...others]),
        ...constraints
          .filter(one => one.table_name === table)
          .map(one => `  ${one.definition.toLowerCase()}`),
        ...indexes.filter(one => one.table_name === table).map(one => `  index ${one.definition}`),
        ...triggers.filter(one => one.table_name === table).map(one => `  trigger ${one.definition}`),
        '',
      ].join('\n'),
    )
    .join('\n');
}

function headOf({ table_name, partition_key }: Column, partitions: number | undefined): string {
  if (partition_key === null) return table_name;
  return `${table_name}, partitioned by ${partition_key.toLowerCase()} into ${partitions ?? 0}`;
}

function alignColumns(columns: readonly Column[]): string[] {
  const width = Math.max(...columns.map(column => column.column_name.length));
  return columns.map(({ column_name, type, not_null, default_value }) =>
    [
      ` `,
      column_name.padEnd(width),
      type,
      ...(not_null ? ['not null'] : []),
      ...(default_value === null ? [] : [`default ${default_value}`]),
    ].join(' '),
  );
}
