import type { SecretKind } from './pseudonyms.ts';
import { isCommonAccount, isWindowsRoot } from './windows-words.ts';

/** A secret where the text around it tells what it is; `secret` is the group of that name. */
export interface Pattern {
  readonly kind: SecretKind;
  readonly pattern: RegExp;
  /** Characters of which such a secret has one beside it or in it; most texts are passed over by that. */
  readonly needs: string;
  /** Whether the text may be replaced wherever else it stands as a word. */
  readonly isName?: true;
  /** Says no to what looks like a secret and is none. */
  readonly accept?: (secret: string, groups: Readonly<Record<string, string | undefined>>) => boolean;
}

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const fileNameEnd = /\.(?:sys|dll|exe|inf|log|dmp|tmp|dat|txt|xml|evtx|cat|mui|efi)$/i;

const isAccount = (name: string) => !isCommonAccount(name) && !fileNameEnd.test(name);

/** In the order they are tried: what contains others comes first. */
export const patterns: readonly Pattern[] = [
  {
    kind: 'email',
    needs: '@',
    pattern: /(?<![\w.+%-])(?<secret>[\w.+%-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8})/gu,
  },
  // Well-known SIDs (S-1-5-18) name nobody.
  {
    kind: 'sid',
    needs: '-',
    pattern: /(?<![\w-])(?<secret>S-1-(?:5-21|12-1|5-80|15-2)(?:-\d{1,10}){2,14})(?![\w-])/gi,
  },
  {
    kind: 'user',
    needs: '/\\',
    pattern:
      /(?<=[\\/](?:Users|Documents and Settings|home)[\\/]{1,2})(?:(?<secret>[^\\/:*?"<>|\p{Cc}]{1,64})(?=[\\/"]|[\r\n]|$)|(?<short>[^\\/:*?"<>|\s,;')\]]{1,64}))/gimu,
    isName: true,
    accept: isAccount,
  },
  {
    kind: 'host',
    needs: '\\',
    pattern: /(?<=(?<![\\\w])\\\\(?:[?.]\\UNC\\)?)(?<secret>[a-z0-9][\w.-]{0,62})(?=\\)/gi,
    isName: true,
    accept: secret => !isWindowsRoot(secret) && !/^UNC$/i.test(secret),
  },
  {
    kind: 'domain',
    needs: '\\',
    pattern:
      /(?<![\\\w.:%~&/-])(?<secret>[A-Z][A-Z0-9-]{1,14})(?=\\(?<account>\w(?:[\w.$-]{0,62}[\w$])?)(?![\w\\&$-]))/g,
    isName: true,
    accept: (secret, { account = '' }) => !isWindowsRoot(secret) && isAccount(account),
  },
  {
    kind: 'user',
    needs: '\\',
    pattern:
      /(?<=(?<![\\\w.:%~&/-])(?<domain>[A-Z][A-Z0-9-]{1,14}|domain-\d{1,6}|host-\d{1,6})\\)(?<secret>\w(?:[\w.$-]{0,62}[\w$])?)(?![\w\\&$-])/g,
    isName: true,
    accept: (secret, { domain = '' }) => !isWindowsRoot(domain) && isAccount(secret),
  },
  {
    kind: 'mac',
    needs: '-:',
    pattern: /(?<![0-9a-z:-])(?<secret>[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\2[0-9a-f]{2}){4})(?![0-9a-z:-])/gi,
  },
  {
    // Four small numbers after "version" or in the name of a package are a version.
    kind: 'ip',
    needs: '.',
    pattern: new RegExp(
      String.raw`(?<!\bv(?:er(?:sion)?)?[.:=]?\s?"?)(?<![\w.~-])(?<secret>${octet}(?:\.${octet}){3})(?![\w~-]|\.\d)`,
      'gi',
    ),
    accept: secret => !/^(?:0|127|255)\./.test(secret),
  },
  {
    kind: 'ip',
    needs: ':',
    pattern:
      /(?<![\w:])(?<secret>(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:fe80|f[cd][0-9a-f]{2}|[23][0-9a-f]{3})(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?)(?![\w:])/gi,
  },
  {
    kind: 'serial',
    needs: ':=',
    pattern: /(?<=\bserial(?:\s?(?:number|no\.?))?\s?[:=]\s?"?)(?<secret>[\w-]{3,64})/gi,
    isName: true,
  },
  {
    // The last part of a USB device's name is its serial number; parts that Windows made hold an ampersand.
    kind: 'serial',
    needs: '\\',
    pattern: /(?<=\bUSB(?:STOR)?\\[^\\\s]{1,200}\\)(?<secret>[\w.-]{4,64})(?=&0\b|(?![\w&.-]))/gi,
    isName: true,
  },
];
