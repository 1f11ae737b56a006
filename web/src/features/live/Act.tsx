import { Plural } from "@lingui/react/macro";

import { ActSays } from "../../rulebook/ActSays";
import { ActionText } from "../../sentences/ActionText";
import { Names } from "../../words/Names";
import type { Item } from "./feed";

type Of = Extract<Item, { is: "act" }>;

/** What organisers signed: what took effect, and what waits. */
export function Act({ of }: { of: Of }) {
  const { told, transaction } = of;
  return (
    <>
      {!told.set || told.said.length === 0 ? (
        <ActionText by={transaction} />
      ) : (
        <>
          <Names players={told.signers} />: <ActSays said={told.said} />
        </>
      )}
      {told.missing > 0 && (
        <>
          {" "}
          <Plural
            value={told.missing}
            one="One more organiser has to confirm it."
            other="# more organisers have to confirm it."
          />
        </>
      )}
    </>
  );
}
