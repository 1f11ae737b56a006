// Who organises here, and what this device's player may sign.

import { usePlayerHere } from "../../keys/player";
import type { Shapes } from "../../node/client";
import { useOrganisers, usePool } from "../../node/queries";

/** This device's player's account, if it organises the pool; `undefined` until that is known. */
export function useOwnOffice(): { account: string; organises: boolean | undefined } {
  const player = usePlayerHere(usePool().id);
  const { data } = useOrganisers();
  const account = player?.account ?? "";
  return { account, organises: player === undefined ? false : data?.organisers.some((it) => it.account === account) };
}

/** What somebody is called. */
export const nameOf = ({ name, account }: Shapes["PlayerRef"]): string => name ?? `${account.slice(0, 14)}…`;
