import { Plural, Trans } from "@lingui/react/macro";

import { ActSays } from "../../rulebook/ActSays";
import { ActionText, FixtureName, Kickoff, MatchLink } from "../../sentences/ActionText";
import { Names } from "../../words/Names";
import type { Item } from "./feed";

type Of = Extract<Item, { is: "act" }>;

/** What one organiser has signed and too few others yet. */
function Proposed({ of: { transaction, told } }: { of: Of }) {
  const { action } = transaction;
  const who = <Names players={told.signers} />;
  if (action.type === "day") {
    const match = <MatchLink match={action.match} />;
    return (
      <Trans>
        {who} proposed a date for {match}.
      </Trans>
    );
  }
  if (action.type !== "schedule") return <ActionText by={transaction} />;
  const match = <FixtureName of={action.fixture} />;
  return action.fixture.kickoff == null ? (
    <Trans>
      {who} proposed {match} without a kick-off time.
    </Trans>
  ) : (
    <Trans>
      {who} proposed {match}: <Kickoff at={action.fixture.kickoff} />.
    </Trans>
  );
}

/** What organisers signed: what took effect, and what waits. */
export function Act({ of }: { of: Of }) {
  const { told, transaction } = of;
  return (
    <>
      {!told.set ? (
        <Proposed of={of} />
      ) : told.said.length === 0 ? (
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
