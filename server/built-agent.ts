import path from 'node:path';

/** Where `npm run build:agent` puts the agent. */
export const builtAgent = path.resolve(import.meta.dirname, '../dist/agent/bootmend.exe');
