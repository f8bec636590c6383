// In QuickJS over the C host: the agent itself over calls that a test may stop, or the host that answers a test.
import { driveNative } from './driven-native.ts';

const [word, ...words] = driveNative();
if (word === 'agent') await import('../../../agent/bootmend.ts');
else if (word === 'serve') await import('./host-server.ts');
else throw new Error(`driven-agent cannot ${[word, ...words].join(' ')}`);
