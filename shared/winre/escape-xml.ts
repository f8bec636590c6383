const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as it may stand between tags and in a quoted attribute. */
export const escapeXml = (text: string): string => text.replaceAll(/[&<>"']/g, one => references[one]!);
