import { type CommandDefinition, lines, notNeeded, notTranslated } from '../command-definition.ts';

/** A sentence as a script shows it: with a capital letter and an end. */
export function messageLine(text: string): string {
  const said = text.replaceAll(/["“”\s]+/g, ' ').trim();
  return `message "${said.slice(0, 1).toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}"`;
}

/** `msg * TEXT`: a sentence for the person before the machine. */
export const messageCommand: CommandDefinition = {
  names: ['msg'],
  example: 'msg * "Please leave the charger connected."',
  translate(words) {
    const said = words.filter(word => !/^[/-]|^\*$|^console$/i.test(word)).join(' ');
    return said === '' ? notTranslated('It says nothing. Expected: msg * TEXT.') : lines([messageLine(said)]);
  },
};

/** `echo` and its like talk to whoever typed them. */
export const echoCommand: CommandDefinition = {
  names: ['echo', '@echo', 'write-host', 'write-output'],
  example: 'echo Deleting the content file',
  translate(words) {
    const said = words.join(' ');
    return notNeeded(
      /^(?:off|on)?$/i.test(said) || said.startsWith('.')
        ? 'It only talks.'
        : `It only talks. Should the person before the machine read it: ${messageLine(said)}`,
    );
  },
};
