import type { Extra } from "../extra";
import { Choice } from "./Choice";
import { isIncomplete } from "./fee";
import { onPeople } from "./People";
import { UnderTable } from "./UnderTable";

/** What players pay one another outside the pool: who has paid, and what each place would get. */
export const FEE: Extra = { name: "fee", UnderTable, onPeople, Choice, isIncomplete };
