import {
  type CallFault,
  callFaults,
  cutAction,
  failAction,
  troubleAction,
  verbs,
} from '../agent/support/cut-matrix.ts';

const faults = Object.keys(callFaults) as CallFault[];

/**
 * Cuts power before every host call of every action and before every change of its tool, in every way the disk may come
 * out of it, and starts each machine again. Then every changing call fails, and every tool hangs, dies and lies. One line
 * per action and kind of cut; anything that ends otherwise than its class promises counts as wrong.
 */
export async function* benchPowerCut(parts: readonly string[]): AsyncGenerator<object> {
  for (const verb of verbs) {
    if (parts.length > 0 && !parts.includes(verb.replaceAll(' ', '-'))) continue;
    const { class: kind, restarts, results, wrong } = await cutAction(verb);
    for (const [cut, counts] of results)
      yield { figure: 'cut', action: verb, class: kind, cut, ...Object.fromEntries(counts) };
    yield {
      figure: 'cuts-wrong',
      action: verb,
      restarts,
      value: wrong.length,
      unit: 'restarts',
      limit: 0,
      wrong,
    };
    for (const fault of faults) {
      const bad = await failAction(verb, fault);
      yield {
        figure: 'faults-wrong',
        action: verb,
        fault,
        value: bad.length,
        unit: 'runs',
        limit: 0,
        wrong: bad,
      };
    }
    if (kind === 'reversible') continue;
    for (const trouble of ['hangs', 'dies', 'lies'] as const)
      yield { figure: 'tool', action: verb, trouble, ...(await troubleAction(verb, trouble)) };
  }
}

export const cutActions: readonly string[] = verbs.map(verb => verb.replaceAll(' ', '-'));
