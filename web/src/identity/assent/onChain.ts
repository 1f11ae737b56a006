// Whoever organises signs what the page shows, and some of that the node says: which match has which number and code, what others have
// signed, whose key it is. Nothing is signed before the book says the same.

import { own } from "../../checking/check";
import { Late, within } from "../../checking/sure";
import { NOT_IN_BOOK, Refused } from "../../node/refused";
import { roomOf } from "../../node/questions";
import { kindOf, ofItem, type AdminAction, type Item, type Subject } from "./kinds";

/** A thing as it was seen; or in any of several forms, where what was signed just before may have changed it. */
export type Snapshot = Subject | readonly Subject[];

/** An organiser's act, and all that was seen of the pool when it was signed. Of a new match nothing was. */
export interface ReportedAdminAction {
  act: AdminAction;
  seen: readonly Snapshot[];
}

/** A list as this device itself has it of the book; throws where it could not read it. */
async function booked(path: string): Promise<unknown> {
  const answer = await own(path, true);
  if (answer === undefined) throw new Refused(NOT_IN_BOOK, `the book was not read for ${path}`);
  return answer;
}

const same = (one: Subject, other: Subject): boolean => JSON.stringify(one) === JSON.stringify(other);

const formsOf = (sight: Snapshot): readonly Subject[] => ("length" in sight ? sight : [sight]);

/** Whether the book has all that was seen, and the act is about some of it. */
function isAsSeen({ act, seen }: ReportedAdminAction, things: readonly Subject[]): boolean {
  const kind = kindOf(act.type);
  const sights = seen.map(formsOf);
  const about = sights.some((forms) => forms.some((thing) => kind?.isAbout(act, thing)));
  return (
    (about || kind?.isNew?.(act, things) === true) &&
    sights.every((forms) => forms.some((thing) => things.some((it) => same(thing, it))))
  );
}

/** Throws where the book has that on which acts rest otherwise than it was shown. */
export async function standOnChain(offices: readonly ReportedAdminAction[]): Promise<void> {
  const rooms = [
    ...new Set(offices.flatMap(({ act, seen }) => kindOf(act.type)?.restsOn(act, seen.flatMap(formsOf)) ?? [])),
  ];
  const things = (await Promise.all(rooms.map(async (room) => room.things(await booked(room.path))))).flat();
  const other = offices.find((office) => !isAsSeen(office, things));
  if (other !== undefined)
    throw new Refused(NOT_IN_BOOK, `the book has otherwise what this ${other.act.type} is about`);
}

/** So long does an objection wait for the book. */
const OBJECTION_MS = 20_000;

/** Throws where the book has something, or its record, otherwise than it was shown: an objection names its number alone. */
export async function recordStandsOnChain(shown: Item): Promise<void> {
  const objectedTo = (it: Item): string => JSON.stringify([it.record?.version, ...ofItem(it)]);
  const path = `/api/v1/${roomOf(shown)}/${encodeURIComponent(shown.code)}`;
  const asked = own<Item>(path, true);
  const found = await within(asked, OBJECTION_MS).catch((error: unknown) => {
    if (!(error instanceof Late)) throw error;
    return undefined;
  });
  if (found === undefined || objectedTo(found) !== objectedTo(shown))
    throw new Refused(NOT_IN_BOOK, `the book does not say the same of ${path}`);
}
