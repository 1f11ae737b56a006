import type { Extra } from "../extra";
import { onPeople } from "./People";

/** What players pay one another outside the pool, and who has paid. */
export const FEE: Extra = { name: "fee", onPeople };
