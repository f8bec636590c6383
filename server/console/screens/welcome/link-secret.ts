let taken: string | undefined;

/**
 * The secret of a one-time link, `/welcome#SECRET`. It is taken out of the address bar at once, so that it stays
 * neither in the history nor in a screenshot; it was never sent to a server, being a fragment.
 */
export function takeLinkSecret(): string | undefined {
  const secret = window.location.hash.slice(1);
  if (secret !== '') {
    taken = secret;
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }
  return taken !== undefined && taken.length >= 20 ? taken : undefined;
}
