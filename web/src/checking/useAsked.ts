import type { QueryKey } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { Rules } from "../rules";
import { ask, known, type Asking } from "./check";

type Of = Parameters<Rules["compare"]>[0];

/** Has what a screen shows compared with what this browser computed, while it shows it. Without an `id`, nothing. */
export function useAsked<Data, Key extends QueryKey>(
  id: string | undefined,
  options: Asking<Data, Key>,
  answers: (data: Data) => { of: Of; body: unknown }[],
): void {
  const latest = useRef({ options, answers });
  useEffect(() => {
    latest.current = { options, answers };
  });
  useEffect(() => {
    if (id === undefined) return undefined;
    return ask({
      id,
      read: async (fresh) => latest.current.answers(await known(latest.current.options, fresh)),
    });
  }, [id]);
}
