import { useChosen } from "../playerFeature";
import type { FeeRule } from "./fee";

/** The entry fee of a pool, for whoever plays here; `undefined` where it has none. */
export const useFee = (pool: string): FeeRule | undefined => useChosen(pool)?.fee as FeeRule | undefined;
