import { FakeServer, type FakeServerOptions } from './fake-server.ts';

/** A server that orders this script, approved for any risk, whenever a machine checks in. */
export const ordering =
  (script: string): NonNullable<FakeServerOptions['decide']> =>
  (told, server) =>
    told.kind === 'check-in'
      ? server.remediate(told.message, { script, approval: { risk: 'high' } })
      : { kind: 'carry-on' };

/** A server that was told so much and has nothing to say: what a start makes of the attempt before it is all there is. */
export const quietServer = ({ state }: FakeServer, told = state.told): FakeServer =>
  new FakeServer({ decide: () => ({ kind: 'stop', reason: 'nothing-known' }) }, { ...state, told });
