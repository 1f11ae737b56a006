// Signing many changes, each in a transaction of its own.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import { Refused } from "../../../node/refused";
import { inOffice } from "../../../identity/sending/send";
import { usePool } from "../../../node/queries";
import { compare, moved, type Compared } from "./compare";
import { officesOf, saysTheSame, type Change } from "./reimport";

/** A node lets few of one account wait; blocks make room. */
const FULL = "too-many-pending";
const AGAIN_MS = 2_000;
const PATIENCE_MS = 10 * 60_000;

/** Waits for room where the node has too much of this account. */
export async function patiently<Done>(work: () => Promise<Done>, goesOn = (): boolean => true): Promise<Done> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    try {
      return await work();
    } catch (error) {
      const waits = error instanceof Refused && error.code === FULL && Date.now() < end && goesOn();
      if (!waits) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** What became of an act: the id under which it was sent, or why the pool refused it. */
export type Become = string | Refused;

/** By keys of changes, then by places of their acts. */
export type Becomes = ReadonlyMap<string, readonly (Become | undefined)[]>;

/** Whether all of a change was sent. */
export const isSent = (become: Becomes, { key, acts }: Change): boolean =>
  acts.length > 0 && acts.every((_, at) => typeof become.get(key)?.[at] === "string");

/**
 * Signs changes, one after the other, if the list still says the same of the pool; else `show` gets what it says now. What is refused
 * keeps the others not back; whoever goes away ends it.
 */
export function useSigning(account: string, { source, anyway }: Compared, show: (now: Compared) => void) {
  const { id } = usePool();
  const [become, setBecome] = useState<Becomes>(new Map());
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  const signOne = async (change: Change, sign: (office: ReportedAdminAction) => Promise<string[]>) => {
    const { key } = change;
    for (const [at, office] of officesOf(change).entries()) {
      if (typeof become.get(key)?.[at] === "string") continue;
      let became: Become;
      try {
        const sent = await patiently(
          () => sign(office),
          () => there.current,
        );
        became = sent.at(-1) ?? "";
      } catch (error) {
        if (!(error instanceof Refused) || error.passing) throw error;
        became = error;
      }
      setBecome((before) => {
        const those = [...(before.get(key) ?? [])];
        those[at] = became;
        return new Map(before).set(key, those);
      });
    }
  };
  const signing = useMutation({
    mutationFn: async (changes: readonly Change[]) => {
      const now = await compare(source, account, anyway);
      const differs = (change: Change): boolean =>
        !saysTheSame(
          change,
          now.changes.find(({ key }) => key === change.key),
        );
      if (changes.some(differs)) {
        show(now);
        return;
      }
      const sign = await inOffice(id, changes.flatMap(officesOf));
      for (const change of changes) {
        if (!there.current) return;
        if (moved(change)) {
          show(await compare(source, account, anyway));
          return;
        }
        await signOne(change, sign);
      }
    },
  });
  return { become, signing };
}
