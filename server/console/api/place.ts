/** Where the console stands, with a slash at both ends: `/`, or `/bootmend/` behind a proxy. */
export const place = placeIn(document);

/** An address of the server, which endpoints give from its top, as it is here. */
export const here = (address: string): string => place + address.replace(/^\//, '');

function placeIn(page: Document): string {
  const told = page.querySelector('meta[name="bootmend-place"]')?.getAttribute('content') ?? '/';
  return new URL(told, page.baseURI).pathname;
}
