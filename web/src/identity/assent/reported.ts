// What organisers see of the pool before they sign something about it, in one form for what a screen showed and for what the book has.

import type { Shapes } from "../../node/client";
import type { AdminAction } from "./kinds";

/** A player; with a key, one whose computer keeps the book or is to; with a weight, one that does or is voted on. */
export interface Person {
  account: string;
  name: string | null;
  key?: string;
  weight?: number;
}

/** That somebody has signed an act. */
export interface Signature {
  signed: AdminAction;
  by: Person;
}

type Ref = Shapes["PlayerRef"];

export const person = ({ account, name }: Ref): Person => ({ account, name: name ?? null });

/** Who offers a computer. */
export const offer = (player: Ref, key: string): Person => ({ ...person(player), key });

export const seat = ({ validator, key, weight }: Shapes["ValidatorBody"]): Person => ({
  ...person(validator),
  key,
  weight,
});

/** Who has signed an act. */
export const signatures = (signed: AdminAction | undefined, signers: readonly Ref[]): Signature[] =>
  signed === undefined ? [] : signers.map((by) => ({ signed, by: person(by) }));

export const appointment = ({
  validator,
  key,
  weight,
}: Pick<Shapes["ValidatorBody"], "validator" | "key" | "weight">) => ({
  type: "appoint" as const,
  validator: { account: validator.account, key, weight },
});

export const ofValidators = ({ validators, waiting, offers }: Shapes["ValidatorsBody"]): (Person | Signature)[] => [
  ...validators.map(seat),
  ...waiting.flatMap((one) => signatures(appointment(one), one.signers)),
  ...(offers ?? []).map(({ player, key }) => offer(player, key)),
];

export const ofOrganisers = ({ organisers, waiting, addresses }: Shapes["OrganisersBody"]): (Person | Signature)[] => [
  ...organisers.map(person),
  ...addresses.flatMap(({ address, signers }) => signatures({ type: "address", address }, signers)),
  ...waiting.flatMap(({ player, added, signers }) => [
    person(player),
    ...signatures({ type: "organiser", account: player.account, added }, signers),
  ]),
];
