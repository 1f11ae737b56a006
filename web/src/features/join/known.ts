// Who is known from the pool that this one comes after, by its rules.

interface Known {
  features?: { next?: { known?: readonly { account: string; name: string }[] } | null };
}

/** The name that is kept for an account, which joins without an invitation; `undefined` for whoever is not known. */
export const keptName = (rules: unknown, account: string): string | undefined =>
  (rules as Known | undefined)?.features?.next?.known?.find((one) => one.account === account)?.name;
