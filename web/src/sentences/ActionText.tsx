// What somebody did, as a sentence.

import { useLingui } from "@lingui/react";
import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { matchName, teamName } from "../design/teams";
import { answerNames, rightOf } from "../identity/answers/answer";
import type { Shapes } from "../node/client";
import { useMatches, useQuestions } from "../node/queries";
import { isQuestion, type OutcomeBody } from "../node/questions";
import { Link } from "../route";
import { Names } from "../words/Names";
import { moment } from "../words/time";
import { Trans as Template } from "../words/Trans";
import { useNow } from "../node/clock";
import { BECAME } from "./Outcome";

type Ref = Shapes["MatchRef"];
type Said = Shapes["SaidBody"];
type Value = Shapes["ValueBody"];

/** A question by what it asks, a way to where it is answered. */
function QuestionLink({ of: { no, code } }: { of: Ref }) {
  const question = useQuestions().data?.find((it) => it.no <= no && no < it.no + it.slots);
  return <Link to="/">{question?.text ?? code}</Link>;
}

/** "Portugal – Switzerland", a way to its page; or a question. */
export function MatchLink({ match }: { match: Ref }) {
  return isQuestion(match) ? <QuestionLink of={match} /> : <LinkOfMatch match={match} />;
}

function LinkOfMatch({ match: { no, code } }: { match: Ref }) {
  const match = useMatches().data?.find((it) => it.no === no);
  return (
    <Link to="/match/:code" params={{ code }}>
      {match === undefined ? code : matchName(match)}
    </Link>
  );
}

/** The same of a match that is scheduled: it may be one that the pool does not have yet. */
function Scheduled({ of: { scheduled, between } }: { of: Extract<Value, { scheduled: unknown }> }) {
  const matches = useMatches().data;
  const isKnown = matches?.some(({ no }) => no === scheduled.no) === true;
  return isKnown ? <MatchLink match={scheduled} /> : between.map((name) => teamName({ name })).join(" – ");
}

/** A few matches by name, more by number. The slots of a question are one. */
function Matches({ of: all }: { of: readonly Ref[] }) {
  const of = all.filter((one, at) => !isQuestion(one) || all.findIndex(({ code }) => code === one.code) === at);
  const [first, second] = of;
  if (first === undefined) return null;
  if (of.length === 1) return <MatchLink match={first} />;
  if (of.length === 2 && second !== undefined) {
    return (
      <Trans>
        <MatchLink match={first} /> and <MatchLink match={second} />
      </Trans>
    );
  }
  return <Plural value={of.length} one="# match" other="# matches" />;
}

/** The answers that are right. */
function RightSays({ no, right }: { no: number; right: readonly number[] }) {
  const question = useQuestions().data?.find((it) => it.no === no);
  return <strong>{question === undefined ? right.join(", ") : answerNames(question.asks, right)}</strong>;
}

/** What became of a match, in a word or as a score; of a question, what is right. */
function OutcomeSays({ no, outcome }: { no: number; outcome: OutcomeBody }): ReactNode {
  const right = rightOf(outcome);
  if (right.length > 0) return <RightSays no={no} right={right} />;
  const score = outcome.after_120 ?? outcome.after_90;
  return (
    BECAME[outcome.status] ?? (
      <strong>
        {score == null ? "–" : `${score.home}:${score.away}`}
        {outcome.shootout != null && ` (${outcome.shootout.home}:${outcome.shootout.away})`}
      </strong>
    )
  );
}

/** When something happens. */
function At({ at_s }: { at_s: number }) {
  const now_s = useNow(60);
  return <>{moment(at_s, now_s)}</>;
}

/** What stands in a sentence. */
function ValueSays({ of }: { of: Exclude<Value, string | number> }): ReactNode {
  if ("player" in of) return <Names players={[{ ...of.player, name: of.player.name ?? of.called }]} />;
  if ("items" in of) return <Matches of={of.items} />;
  if ("predictions" in of) return <Matches of={of.predictions.map(({ on }) => on)} />;
  if ("scheduled" in of) return <Scheduled of={of} />;
  if ("record" in of) return <OutcomeSays no={of.record.no} outcome={of.outcome} />;
  if ("at" in of) return <At at_s={of.at} />;
  return null;
}

/** A sentence with ways to whom and what it names; by the kind of what was signed, if this page has no words for it. */
function SaidText({ says: { template, values = {} }, kind, who }: { says: Said; kind: string; who: ReactNode }) {
  const { i18n } = useLingui();
  if (!Object.hasOwn(i18n.messages, template)) {
    return (
      <Trans>
        {who} signed: {kind}.
      </Trans>
    );
  }
  const shown = Object.entries(values).map(([name, of]): [string, ReactNode] => [
    name,
    typeof of === "object" ? <ValueSays of={of} /> : of,
  ]);
  return <Template id={template} values={Object.fromEntries(shown)} />;
}

type Signed = Pick<Shapes["TransactionBody"], "player" | "action" | "says" | "void">;

/** The sentence of a transaction. */
export function ActionText({ by: { player, action, says, void: unused = [] } }: { by: Signed }) {
  // An opening is void where the seal was opened before: the tip counts all the same.
  const late = "tips" in action ? unused : [];
  return (
    <>
      <SaidText says={says} kind={action.type} who={<Names players={[player]} />} />
      {late.length > 0 && (
        <>
          {" "}
          <Plural value={late.length} one="# tip didn’t count." other="# tips didn’t count." />
        </>
      )}
    </>
  );
}
