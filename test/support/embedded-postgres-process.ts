// A process that starts PostgreSQL over the folder it is given, tells about it in one line, and stops it on SIGTERM.
import { startEmbeddedPostgres } from '../../server/db/embedded/embedded-postgres.ts';
import { silentLog } from './silent-log.ts';

const dir = process.argv[2];
if (dir === undefined) throw new Error('needs a folder');
const postgres = await startEmbeddedPostgres({
  dir,
  log: silentLog,
  settings: { shared_buffers: '16MB', fsync: 'off' },
});
process.stdout.write(`${JSON.stringify({ url: postgres.url, adopted: postgres.adopted })}\n`);
const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', () => {
  clearInterval(alive);
  void postgres.stop();
});
