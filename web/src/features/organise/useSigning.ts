// Signing many changes, each in a transaction of its own.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { Refused, send } from "../../identity/send";
import { usePool } from "../../node/queries";
import type { Act } from "../../rules";
import type { Change } from "./reimport";

/** A node lets few of one account wait; blocks make room. */
const FULL = "too-many-pending";
const AGAIN_MS = 2_000;
const PATIENCE_MS = 10 * 60_000;

async function patiently(pool: string, act: Act, goesOn: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    try {
      await send(pool, act);
      return;
    } catch (error) {
      const waits = error instanceof Refused && error.code === FULL && Date.now() < end && goesOn();
      if (!waits) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** What became of a change: sent, or why the pool refused it. */
export type Become = "sent" | Refused;

/** Signs changes, one after the other. What is refused keeps the others not back; whoever goes away ends it. */
export function useSigning() {
  const { id } = usePool();
  const [become, setBecome] = useState<ReadonlyMap<string, Become>>(new Map());
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  const signing = useMutation({
    mutationFn: async (changes: readonly Change[]) => {
      for (const { key, acts } of changes) {
        if (!there.current) return;
        let became: Become = "sent";
        try {
          for (const act of acts) await patiently(id, act, () => there.current);
        } catch (error) {
          if (!(error instanceof Refused) || error.passing) throw error;
          became = error;
        }
        setBecome((before) => new Map(before).set(key, became));
      }
    },
  });
  return { become, signing };
}
