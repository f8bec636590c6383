// `npm start`.
import { createLabGround } from './cli/lab-ground.ts';
import { readConfig } from './config.ts';
import { createLog } from './logging/winston-log.ts';
import { startServer } from './start.ts';

try {
  const config = readConfig(process.env);
  const format = config.logFormat === 'auto' ? (process.stdout.isTTY ? 'pretty' : 'json') : config.logFormat;
  const log = createLog({ level: config.logLevel, format, stream: process.stdout });
  const server = await startServer(config, { log, logLevel: log, labOf: createLabGround });

  let signals = 0;
  const stop = (signal: string) => {
    signals++;
    // a second Ctrl+C means: now
    if (signals > 1) process.exit(1);
    log.info('stopping', { signal });
    void server.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);

  process.stdout.write(`\nBootmend console  ${server.publicUrl}\n`);
  process.stdout.write(`Devices           ${server.deviceUrl}  (pin ${server.pins[0]})\n`);
  if (server.welcomeLink !== undefined)
    process.stdout.write(`\nMake the first admin within 15 minutes:\n  ${server.welcomeLink}\n`);
  process.stdout.write('\n');
} catch (error) {
  process.stderr.write(`Bootmend did not start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
