import { type XmlTag, xmlTagsOf } from '../bootlog/xml-tags.ts';
import {
  defaultWaits,
  isSsid,
  isWifiPassword,
  maxWaitMinutes,
  maxWifiCredentials,
  type RecoverySettings,
  type RecoverySettingsCode,
  type RecoverySettingsProblem,
  type RecoverySettingsResult,
  type WifiCredential,
} from './recovery-settings.ts';

const maxSettingsLength = 256 * 1024;
const maxProblems = 50;

type StartTag = Extract<XmlTag, { readonly kind: 'start' }>;

/** Where an element may stand and which attributes it may carry. */
const elements: Readonly<
  Record<string, { readonly inside: string; readonly attributes: readonly string[]; readonly once: boolean }>
> = {
  WindowsRE: { inside: '', attributes: [], once: true },
  WifiCredential: { inside: 'WindowsRE', attributes: [], once: true },
  Wifi: { inside: 'WifiCredential', attributes: ['ssid', 'password'], once: false },
  CloudRemediation: { inside: 'WindowsRE', attributes: ['state'], once: true },
  AutoRemediation: {
    inside: 'WindowsRE',
    attributes: ['state', 'totalwaittime', 'waitinterval'],
    once: true,
  },
};

/**
 * Reads a settings file of `reagentc /setrecoverysettings`. Every mistake is named with its place, so that an admin
 * mends them in one go; a file with a mistake gives no settings at all.
 */
export function readRecoverySettings(text: string): RecoverySettingsResult {
  const reading = new SettingsReading(text);
  return reading.read();
}

/**
 * Reads what `reagentc /getrecoverysettings` prints: the same file, then a sentence in the language of that Windows.
 * Undefined when there is no such file in it.
 */
export function readPrintedSettings(output: string): RecoverySettingsResult | undefined {
  const from = output.search(/<WindowsRE[\s>/]/);
  const closing = '</WindowsRE>';
  const to = output.indexOf(closing, from);
  return from < 0 || to < 0 ? undefined : readRecoverySettings(output.slice(from, to + closing.length));
}

class SettingsReading {
  readonly #text: string;
  readonly #problems: RecoverySettingsProblem[] = [];
  readonly #seen = new Set<string>();
  readonly #wifi: WifiCredential[] = [];
  #cloud: RecoverySettings['cloudRemediation'];
  #auto: RecoverySettings['autoRemediation'];

  constructor(text: string) {
    this.#text = text.replace(/^\ufeff/, '');
  }

  read(): RecoverySettingsResult {
    if (this.#text.length > maxSettingsLength)
      this.#problem('not-settings', `The file is longer than ${maxSettingsLength} characters.`, 0);
    else this.#walk();
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems };
    return {
      ok: true,
      settings: {
        wifi: this.#wifi,
        ...(this.#cloud && { cloudRemediation: this.#cloud }),
        ...(this.#auto && { autoRemediation: this.#auto }),
      },
    };
  }

  #walk(): void {
    const open: string[] = [];
    for (const tag of xmlTagsOf(this.#text)) {
      if (this.#problems.length >= maxProblems) return;
      switch (tag.kind) {
        case 'declaration':
          return this.#problem(
            'declaration-not-allowed',
            'A document type declaration is not allowed.',
            tag.at,
          );
        case 'broken':
          return this.#problem('markup-broken', 'This tag has no end.', tag.at);
        case 'end':
          if (open.pop() !== tag.name)
            return this.#problem('markup-broken', `</${tag.name}> closes nothing that is open here.`, tag.at);
          break;
        case 'start':
          if (!this.#element(tag, open.at(-1) ?? '')) return;
          if (!tag.isEmpty) open.push(tag.name);
          break;
        default:
          tag satisfies never;
      }
    }
    if (!this.#seen.has('WindowsRE'))
      this.#problem('not-settings', 'The root element must be <WindowsRE>.', 0);
    else if (open.length > 0)
      this.#problem('markup-broken', `<${open.at(-1)}> is not closed.`, this.#text.length);
  }

  /** False when nothing below this element can be understood. */
  #element(tag: StartTag, inside: string): boolean {
    const { name, attributes, at } = tag;
    const known = Object.hasOwn(elements, name) ? elements[name] : undefined;
    if (this.#seen.size === 0 && name !== 'WindowsRE') {
      this.#problem('not-settings', `The root element must be <WindowsRE>, not <${name}>.`, at);
      return false;
    }
    if (!known || known.inside !== inside) {
      const expected = Object.keys(elements).filter(one => elements[one]!.inside === inside);
      const accepted = expected.length > 0 ? expected.map(one => `<${one}>`).join(', ') : 'nothing';
      this.#problem('unknown-element', `<${name}> cannot stand here; accepted: ${accepted}.`, at);
      return known !== undefined;
    }
    if (known.once && this.#seen.has(name)) {
      this.#problem('element-repeated', `<${name}> may stand only once.`, at);
      return true;
    }
    this.#seen.add(name);
    for (const attribute of attributes.keys())
      if (!known.attributes.includes(attribute))
        this.#problem(
          'unknown-attribute',
          `<${name}> has no attribute ${attribute}; it has ${known.attributes.join(', ') || 'none'}.`,
          at,
        );
    if (name === 'Wifi') this.#readWifi(tag);
    if (name === 'CloudRemediation') this.#cloud = { isOn: this.#state(tag) };
    if (name === 'AutoRemediation') this.#readAuto(tag);
    return true;
  }

  #readWifi({ attributes, at }: StartTag): void {
    const ssid = attributes.get('ssid');
    const password = attributes.get('password');
    if (ssid === undefined || password === undefined)
      return this.#problem('attribute-missing', '<Wifi> needs ssid and password.', at);
    // Microsoft's own template carries an empty pair for "no network".
    if (ssid === '' && password === '') return;
    if (!isSsid(ssid)) return this.#problem('ssid-invalid', 'ssid is 1 to 32 bytes long in UTF-8.', at);
    if (!isWifiPassword(password))
      return this.#problem(
        'password-invalid',
        'password is 8 to 63 printable ASCII characters or 64 hex digits.',
        at,
      );
    if (this.#wifi.length >= maxWifiCredentials)
      return this.#problem('too-many-networks', `At most ${maxWifiCredentials} networks are taken.`, at);
    this.#wifi.push({ ssid, password });
  }

  #readAuto(tag: StartTag): void {
    const totalWaitMinutes = this.#minutes(tag, 'totalwaittime');
    const waitIntervalMinutes = this.#minutes(tag, 'waitinterval');
    this.#auto = {
      isOn: this.#state(tag),
      ...(totalWaitMinutes !== undefined && { totalWaitMinutes }),
      ...(waitIntervalMinutes !== undefined && { waitIntervalMinutes }),
    };
    const isSaid = tag.attributes.has('totalwaittime');
    const total = isSaid ? totalWaitMinutes : defaultWaits.totalWaitMinutes;
    if (total !== undefined && (waitIntervalMinutes ?? 0) > total)
      this.#problem(
        'interval-above-total',
        `waitinterval is ${waitIntervalMinutes} minutes and must not be above totalwaittime, ${total}${isSaid ? '' : ' where the file does not say'}.`,
        tag.at,
      );
  }

  #state({ name, attributes, at }: StartTag): boolean {
    const state = attributes.get('state');
    if (state === undefined) this.#problem('attribute-missing', `<${name}> needs state, "1" or "0".`, at);
    else if (state !== '0' && state !== '1')
      this.#problem('state-invalid', `state is "1" (on) or "0" (off), not "${state.slice(0, 20)}".`, at);
    return state === '1';
  }

  #minutes({ attributes, at }: StartTag, attribute: string): number | undefined {
    const text = attributes.get(attribute);
    if (text === undefined) return undefined;
    const minutes = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (minutes >= 1 && minutes <= maxWaitMinutes) return minutes;
    this.#problem(
      'minutes-invalid',
      `${attribute} is a number of minutes from 1 to ${maxWaitMinutes}, not "${text.slice(0, 20)}".`,
      at,
    );
    return undefined;
  }

  #problem(code: RecoverySettingsCode, message: string, at: number): void {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    this.#problems.push({ code, message, line, column: at - before.lastIndexOf('\n') });
  }
}
