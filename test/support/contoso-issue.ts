/** The source of a sound known issue whose condition is these indented lines; contoso.sys is nobody's driver. */
export const contosoIssue = (
  when: string,
  id = 'contoso-2026-01-01',
  title = `Contoso ${id}`,
): string => `id: ${id}
title: ${title}
vendor: Contoso
product: Contoso Shield
firstSeenAt: 2026-01-01T00:00:00Z
affected: Machines with Contoso Shield.
cause: contoso.sys stops Windows.
summary: Contoso published a faulty driver.
when:
${when}
advice: [Start from the recovery image and remove Contoso Shield.]
policy: never
priority: 500
confidence: medium
sources:
  - title: Contoso, incident report
    url: https://contoso.example/incident
`;
