import type { ByteSource } from '../bytes/byte-source.ts';
import { printable } from '../bytes/printable.ts';
import type { LogProblem } from './boot-log.ts';
import { readLogTail } from './log-tail.ts';
import { localTimeOf, type LogTimeParts } from './log-time.ts';
import type { InstalledDriverPackage, SetupapiLogResult, SetupapiRemark } from './setupapi-log.ts';
import type { SetupapiSection } from './setupapi-log.ts';

const maxProblems = 32;
const maxLineLength = 1024;
const maxSections = 2000;
const maxRemarks = 32;
const maxPackages = 512;

const time =
  /(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2}) (?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})(?:\.(?<fraction>\d{1,3}))?/;
const sectionTitle = /^>>>\s+\[(.+)\]$/;
/** `Section start` and `Section end` by their shape: a time and no bracket. */
const sectionStart = /^>>>\s+([^[\s].*)$/;
const sectionEnd = /^<<<\s+([^[\s].*)$/;
const exitStatus = /^<<<\s+\[[^:]*: (.+)\]$/;
const bootSession = /^\[Boot Session: (.+)\]$/;
const osVersion = /^OS Version = (\S+)/;
const errorCode = /0x([0-9a-f]{1,8})/i;
/** `!    inf:      text` or `     inf:      text`. */
const body = /^(!{0,3})\s*([a-z]{2,4}):(\s.*)$/;
const registered = /^Registered driver package '([^']+)' with '([^']+)'/;
const driverVersion = /^Driver Version:\s*(\d{1,2})\/(\d{1,2})\/(\d{4}),\s*([\d.]+)/;
const provider = /^Provider:\s*(.+)$/;
const property = /^(Description|InfFile|InfName|Inf Name|DevDesc)\s+- \[?(.*?)\]?$/;

/**
 * Reads the end of setupapi.dev.log, in which Windows tells of every device and driver it installed. Never throws;
 * what does not fit is named in `problems`, and a file without any section is a problem itself.
 */
export function readSetupapiLog(source: ByteSource): SetupapiLogResult {
  const { encoding, lines, problems } = readLogTail(source);
  const reader = new SectionReader([...problems]);
  lines.forEach((raw, index) => reader.readLine(raw.slice(0, maxLineLength).trimEnd(), index + 1));
  const log = reader.finish();
  if (log.sections.length === 0 && log.osVersion === null) {
    const message = 'no section of a device installation was found; this is no setupapi.dev.log';
    return { ok: false, problem: { code: 'not-a-setupapi-log', message, line: 1 } };
  }
  return { ok: true, log: { format: 'setupapi-log', encoding, ...log } };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface OpenSection extends Writable<SetupapiSection> {
  packages: Writable<InstalledDriverPackage>[];
  remarks: SetupapiRemark[];
}

/** Provider and version stand before the package they belong to. */
type PackageLabel = Pick<InstalledDriverPackage, 'provider' | 'version' | 'driverDate'>;
const noLabel: PackageLabel = { provider: null, version: null, driverDate: null };

class SectionReader {
  readonly #problems: LogProblem[];
  readonly #sections: SetupapiSection[] = [];
  #open: OpenSection | undefined;
  /** The exit status stands one line after the end. */
  #ended: OpenSection | undefined;
  #bootedAtLocal: string | null = null;
  #osVersion: string | null = null;
  #hasDropped = false;
  #label: PackageLabel = noLabel;
  #isSelecting = false;

  constructor(problems: LogProblem[]) {
    this.#problems = problems;
  }

  readLine(text: string, line: number): void {
    if (text.startsWith('>>>')) this.#readStart(text, line);
    else if (text.startsWith('<<<')) this.#readEnd(text, line);
    else if (text.startsWith('[')) this.#readBootSession(text);
    else if (this.#open) this.#readBody(this.#open, text, line);
    else this.#osVersion ??= osVersion.exec(text.trim())?.[1] ?? null;
  }

  finish() {
    if (this.#open) this.#leaveUnfinished(this.#open);
    const sections = this.#sections.toReversed();
    const packages = sections.flatMap(section => section.packages.toReversed());
    return { osVersion: this.#osVersion, sections, packages, problems: this.#problems };
  }

  #readStart(text: string, line: number): void {
    const title = sectionTitle.exec(text)?.[1];
    if (title !== undefined) {
      if (this.#open) this.#leaveUnfinished(this.#open);
      this.#open = openSection(printable(title), line, this.#bootedAtLocal);
      this.#ended = undefined;
      this.#label = noLabel;
      this.#isSelecting = false;
      return;
    }
    const started = sectionStart.exec(text)?.[1];
    if (started !== undefined && this.#open) this.#open.startedAtLocal = timeOf(started);
    else this.#report('section-not-started', 'a section starts here without its title', line);
  }

  #readEnd(text: string, line: number): void {
    const ended = sectionEnd.exec(text)?.[1];
    if (ended !== undefined) {
      if (!this.#open) {
        this.#report('section-not-started', 'a section ends here that has no start', line);
        return;
      }
      this.#open.endedAtLocal = timeOf(ended);
      this.#open.outcome = 'done';
      this.#ended = this.#open;
      this.#close(this.#open);
      return;
    }
    const status = exitStatus.exec(text)?.[1];
    if (status === undefined || !this.#ended) return;
    this.#ended.exitStatus = printable(status);
    const isFailure = status.startsWith('FAILURE');
    this.#ended.outcome = isFailure ? 'failed' : 'done';
    const code = isFailure ? errorCode.exec(status)?.[1] : undefined;
    this.#ended.errorCode = code === undefined ? null : `0x${Number.parseInt(code, 16).toString(16)}`;
    this.#ended = undefined;
  }

  #readBootSession(text: string): void {
    const booted = bootSession.exec(text)?.[1];
    if (booted === undefined) return;
    if (this.#open) this.#leaveUnfinished(this.#open);
    this.#bootedAtLocal = timeOf(booted);
  }

  #readBody(section: OpenSection, text: string, line: number): void {
    const found = body.exec(text);
    if (!found) return;
    const [, marks, , rest] = found as unknown as [string, string, string, string];
    const said = rest.trim();
    if (marks !== '' && section.remarks.length < maxRemarks) {
      const severity = marks === '!!!' ? 'error' : 'warning';
      section.remarks.push({ severity, text: printable(said), line });
    }
    const version = driverVersion.exec(said);
    if (version) {
      const [, month, day, year, number] = version as unknown as string[];
      const midnight = { hour: '0', minute: '0', second: '0' };
      const date = localTimeOf({ year: year!, month: month!, day: day!, ...midnight });
      this.#label = { ...this.#label, version: number!, driverDate: date?.slice(0, 10) ?? null };
    }
    const by = provider.exec(said)?.[1];
    if (by !== undefined) this.#label = { ...this.#label, provider: printable(by) };
    const package_ = registered.exec(said);
    if (package_) this.#addPackage(section, package_[2]!, package_[1]!, line);
    this.#readSelection(section, said);
  }

  #addPackage(section: OpenSection, inf: string, storeFolder: string, line: number): void {
    if (section.packages.length >= maxPackages) return;
    section.packages.push({
      inf: printable(inf).toLowerCase(),
      storeFolder: printable(storeFolder).toLowerCase(),
      ...this.#label,
      installedAtLocal: section.startedAtLocal,
      line,
    });
    this.#label = noLabel;
  }

  /** `Selected:` or `Selected Driver:` heads a list of properties, `Description - [Microsoft ISATAP Adapter]`. */
  #readSelection(section: OpenSection, said: string): void {
    if (/^Selected( Driver)?:$/.test(said)) {
      this.#isSelecting = true;
      return;
    }
    const found = this.#isSelecting ? property.exec(said) : null;
    if (!found) {
      this.#isSelecting &&= / - /.test(said);
      return;
    }
    const [, name, value] = found as unknown as [string, string, string];
    const selected = section.selectedDriver ?? { description: null, inf: null };
    const text = printable(value);
    section.selectedDriver = name.startsWith('Inf')
      ? { ...selected, inf: text.slice(text.lastIndexOf('\\') + 1).toLowerCase() }
      : { ...selected, description: text };
  }

  #leaveUnfinished(section: OpenSection): void {
    const message = `"${section.title}" has no end: the log was cut off, or the machine died here`;
    this.#report('section-unfinished', message, section.line);
    this.#close(section);
  }

  #close(section: OpenSection): void {
    this.#open = undefined;
    if (this.#sections.length >= maxSections) {
      this.#sections.shift();
      if (!this.#hasDropped) {
        this.#report('too-many-sections', `only the newest ${maxSections} sections are given`, section.line);
      }
      this.#hasDropped = true;
    }
    this.#sections.push(section);
  }

  #report(code: string, message: string, line: number): void {
    if (this.#problems.length < maxProblems) this.#problems.push({ code, message, line });
  }
}

function openSection(heading: string, line: number, bootedAtLocal: string | null): OpenSection {
  // `Device Install (Hardware initiated) - SWD\IP_TUNNEL_VBUS\ISATAP_0`
  const dash = heading.indexOf(' - ');
  return {
    title: dash < 0 ? heading : heading.slice(0, dash),
    subject: dash < 0 ? null : heading.slice(dash + 3),
    startedAtLocal: null,
    endedAtLocal: null,
    exitStatus: null,
    outcome: 'unfinished',
    errorCode: null,
    selectedDriver: null,
    packages: [],
    remarks: [],
    bootedAtLocal,
    line,
  };
}

function timeOf(text: string): string | null {
  const parts = time.exec(text)?.groups as LogTimeParts | undefined;
  return parts ? localTimeOf(parts) : null;
}
