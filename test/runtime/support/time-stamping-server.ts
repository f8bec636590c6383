// Answers requests for time stamps with `openssl ts`, by tsa.cnf of the folder that it is started in; prints its port.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    writeFileSync('request.tsq', Buffer.concat(chunks));
    const words = ['ts', '-reply', '-queryfile', 'request.tsq', '-config', 'tsa.cnf', '-section', 'tsa'];
    const { stdout } = spawnSync('openssl', words);
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(stdout);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
