import * as z from 'zod/mini';
import { allowedProgram } from '../remediation/program-policy.ts';
import { endpoint } from './endpoint.ts';

/** A program that the bundles of new machines allow, and how many machines allow it by what they last told. */
export const allowedProgramRow = z.object({
  programId: z.string(),
  path: z.string(),
  sha256: z.string(),
  /** Who put it on the list: `account:<name>`. */
  addedBy: z.string(),
  addedAt: z.iso.datetime(),
  allowing: z.int(),
});
export type AllowedProgramRow = z.infer<typeof allowedProgramRow>;

/** The list by path, and what machines allow beside it. */
export const allowedProgramList = z.object({
  programs: z.array(allowedProgramRow),
  /** Machines that are not retired. */
  machines: z.int(),
  /** Machines that told what they allow. */
  told: z.int(),
  /** Programs that machines allow and that are not on the list, most machines first; at most fifty. */
  elsewhere: z.array(
    z.object({
      path: z.string(),
      sha256: z.string(),
      machines: z.int(),
      /** The first of their names in order, at most five. */
      names: z.array(z.string()),
    }),
  ),
});
export type AllowedProgramList = z.infer<typeof allowedProgramList>;

export const allowedProgramEndpoints = {
  list: endpoint({
    method: 'GET',
    path: '/api/allowed-programs',
    role: 'viewer',
    summary:
      'The programs that bundles of new machines allow, and what machines allow by what they last told.',
    status: 200,
    answer: allowedProgramList,
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/allowed-programs',
    role: 'admin',
    summary: 'Puts a program on the list of every bundle that is made from now on.',
    body: allowedProgram,
    status: 201,
    answer: allowedProgramList,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/allowed-programs/:programId',
    role: 'admin',
    summary: 'Leaves a program out of every bundle that is made from now on.',
    status: 200,
    answer: allowedProgramList,
  }),
};
