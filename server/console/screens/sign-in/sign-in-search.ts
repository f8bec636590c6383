/** Where somebody wanted to go before they had to sign in. */
export interface SignInSearch {
  readonly to?: string;
}

/** Takes only addresses of this console: a link must not lead through sign-in to another site. */
export function parseSignInSearch(search: Record<string, unknown>): SignInSearch {
  const { to } = search;
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? { to } : {};
}
