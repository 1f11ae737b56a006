// The log of what organisers signed, of which only what is new is read.

import type { Shapes } from "../../node/client";

type Act = Shapes["ActBody"];

interface Page {
  data?: { items: Act[]; next_cursor?: string | null };
  error?: unknown;
}

/** The pages of a log up to an act that is known, and the whole log of those. */
export function newer(known: readonly Act[]) {
  const bySeq = new Map(known.map((act, at) => [act.seq, at]));
  // Another history has other acts at the same places.
  const place = ({ seq, transaction, height, time }: Act): number | undefined => {
    const at = bySeq.get(seq);
    const same = at === undefined ? undefined : known[at];
    return same?.transaction === transaction && same.height === height && same.time === time ? at : undefined;
  };
  let rest: readonly Act[] = [];
  return {
    cut<Answer extends Page>(page: Answer): Answer {
      const found = page.data?.items.findIndex((act) => place(act) !== undefined) ?? -1;
      const first = page.data?.items[found];
      if (page.data === undefined || first === undefined) return page;
      rest = known.slice(place(first));
      return { ...page, data: { ...page.data, items: page.data.items.slice(0, found), next_cursor: null } };
    },
    whole: (fresh: readonly Act[]): Act[] => [...fresh, ...rest],
  };
}
