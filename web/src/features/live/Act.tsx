import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { ActionText, FixtureName, Kickoff, MatchLink } from "../../sentences/ActionText";
import { matchName } from "../../design/teams";
import { Names } from "../../words/Names";
import type { Told } from "./acts";
import type { Item } from "./feed";

type Action = Extract<Item, { is: "act" }>["transaction"]["action"];
type Fixture = Extract<Action, { type: "schedule" }>["fixture"];

/** What took effect. */
function Set({ who, fixture, news }: { who: ReactNode; fixture: Fixture; news: Told["news"] }): ReactNode {
  const match = <FixtureName of={fixture} />;
  const kickoff = fixture.kickoff == null ? undefined : <Kickoff at={fixture.kickoff} />;
  if (news === "added")
    return kickoff === undefined ? (
      <Trans>
        {who} added {match}.
      </Trans>
    ) : (
      <Trans>
        {who} added {match}: {kickoff}.
      </Trans>
    );
  if (news === "moved" && kickoff !== undefined)
    return (
      <Trans>
        {who} set the kick-off of {match}: {kickoff}.
      </Trans>
    );
  if (news === "off")
    return (
      <Trans>
        {who} removed the kick-off time of {match}.
      </Trans>
    );
  return (
    <Trans>
      {who} changed {match}.
    </Trans>
  );
}

/** What one organiser has signed and too few others yet. */
function Proposed({ who, fixture, news }: { who: ReactNode; fixture: Fixture; news: Told["news"] }): ReactNode {
  const match = <FixtureName of={fixture} />;
  const kickoff = fixture.kickoff == null ? undefined : <Kickoff at={fixture.kickoff} />;
  if (news === "added")
    return kickoff === undefined ? (
      <Trans>
        {who} wants to add {match}.
      </Trans>
    ) : (
      <Trans>
        {who} wants to add {match}: {kickoff}.
      </Trans>
    );
  if (news === "moved" && kickoff !== undefined)
    return (
      <Trans>
        {who} proposed a kick-off for {match}: {kickoff}.
      </Trans>
    );
  if (news === "off")
    return (
      <Trans>
        {who} wants to remove the kick-off time of {match}.
      </Trans>
    );
  const teams = matchName(fixture);
  return (
    <Trans>
      {who} wants to change {match}: {teams}.
    </Trans>
  );
}

function Says({ who, action, told }: { who: ReactNode; action: Action; told: Told }): ReactNode {
  const { set, news } = told;
  if (action.type === "schedule") {
    const { fixture } = action;
    return set ? <Set who={who} fixture={fixture} news={news} /> : <Proposed who={who} fixture={fixture} news={news} />;
  }
  if (action.type !== "day") return null;
  const match = <MatchLink match={action.match} />;
  return set ? (
    <Trans>
      {who} set the date of {match}.
    </Trans>
  ) : (
    <Trans>
      {who} proposed a date for {match}.
    </Trans>
  );
}

/** What organisers signed: what took effect, and what waits. */
export function Act({ of: { transaction, told } }: { of: Extract<Item, { is: "act" }> }) {
  const { action } = transaction;
  // Of a schedule that cannot be compared with the one before, only the signature is sure.
  const bare = action.type === "result" || (action.type === "schedule" && told.news === "unknown");
  return (
    <>
      {bare ? (
        <ActionText by={transaction} />
      ) : (
        <Says who={<Names players={told.signers} />} action={action} told={told} />
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
