// What is fetched when a team is first shown.

import { useEffect } from "react";

import { store, useStore } from "../../device/store";

/** One that fails is fetched again with the next team. */
function piece<Piece>(fetch: () => Promise<Piece>) {
  const it = store<Piece | undefined>(undefined);
  let asked: Promise<void> | undefined;
  const bring = (): Promise<void> =>
    (asked ??= fetch().then(it.set, () => {
      asked = undefined;
    }));
  const use = (needed = true): Piece | undefined => {
    useEffect(() => {
      if (needed) void bring();
    }, [needed]);
    return useStore(it);
  };
  return { bring, use };
}

/** The addresses of all flags. */
export const flags = piece(() => import("./flags"));
/** How clubs look. */
export const crests = piece(() => import("./crests"));

/** For a picture, which waits for them. */
export const bringBadges = (): Promise<unknown> => Promise.all([flags.bring(), crests.bring()]);
