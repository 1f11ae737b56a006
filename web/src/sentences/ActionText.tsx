// What somebody did, as a sentence.

import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { matchName } from "../design/teams";
import { answerNames, rightOf } from "../identity/answers/answer";
import type { Shapes } from "../node/client";
import { useMatches, useQuestions } from "../node/queries";
import { isQuestion, type OutcomeBody } from "../node/questions";
import { Link } from "../route";
import { Names } from "../words/Names";
import { moment, seconds } from "../words/time";
import { useNow } from "../node/clock";
import { BECAME } from "./Outcome";

type Ref = Shapes["MatchRef"];

/** A question by what it asks, a way to where it is answered. */
function QuestionLink({ of: { no, code } }: { of: Ref }) {
  const question = useQuestions().data?.find((it) => it.no <= no && no < it.no + it.slots);
  return <Link to="/">{question?.text ?? code}</Link>;
}

/** "Portugal – Switzerland", a way to its page; or a question. */
export function MatchLink({ match }: { match: Ref }) {
  return isQuestion(match.no) ? <QuestionLink of={match} /> : <LinkOfMatch match={match} />;
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
export function FixtureName({ of }: { of: Shapes["Fixture"] }) {
  const matches = useMatches().data;
  return matches?.some(({ no }) => no === of.no) === true ? <MatchLink match={of} /> : <>{matchName(of)}</>;
}

/** A few matches by name, more by number. The slots of a question are one. */
function Matches({ of: all }: { of: readonly Ref[] }) {
  const of = all.filter(({ no, code }, at) => !isQuestion(no) || all.findIndex((it) => it.code === code) === at);
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

/** When a match begins. */
export function Kickoff({ at }: { at: string }) {
  const now_s = useNow(60);
  return <>{moment(seconds(at), now_s)}</>;
}

type Action = Shapes["Action"];

function Says({ who, action, void: late }: { who: ReactNode; action: Action; void: number }): ReactNode {
  switch (action.type) {
    case "join":
      return <Trans>{who} joined the pool.</Trans>;
    case "bet":
    case "seal": {
      const matches = <Matches of={action.tips.map((tip) => tip.match)} />;
      return (
        <>
          {action.type === "seal" ? (
            <Trans>
              {who} tipped {matches} (hidden until kick-off).
            </Trans>
          ) : (
            <Trans>
              {who} tipped {matches}.
            </Trans>
          )}
          {late > 0 && (
            <>
              {" "}
              <Plural value={late} one="# tip didn’t count." other="# tips didn’t count." />
            </>
          )}
        </>
      );
    }
    case "open":
      return (
        <Trans>
          {who} revealed a tip on <Matches of={action.openings.map((tip) => tip.match)} />.
        </Trans>
      );
    case "open_for":
      return (
        <Trans>
          {who} revealed the tip of <Names players={[action.player]} /> on{" "}
          <Matches of={action.openings.map((tip) => tip.match)} />.
        </Trans>
      );
    case "schedule":
      return action.fixture.kickoff == null ? (
        <Trans>
          {who} added <FixtureName of={action.fixture} /> without a kick-off time.
        </Trans>
      ) : (
        <Trans>
          {who} set the kick-off of <FixtureName of={action.fixture} />: <Kickoff at={action.fixture.kickoff} />.
        </Trans>
      );
    case "day":
      return (
        <Trans>
          {who} set the date of <MatchLink match={action.match} />.
        </Trans>
      );
    case "result":
      return (
        <Trans>
          {who} entered <MatchLink match={action.match} />:{" "}
          <OutcomeSays no={action.match.no} outcome={action.outcome} />.
        </Trans>
      );
    case "object":
      return (
        <>
          <Trans>
            {who} says the result of <MatchLink match={action.match} /> is wrong:
          </Trans>{" "}
          <q>{action.text}</q>
        </>
      );
    case "transfer": {
      const chips = <Plural value={action.chips} one="# chip" other="# chips" />;
      return (
        <Trans>
          {who} gave <Names players={[action.to]} /> {chips}.
        </Trans>
      );
    }
    case "stake":
      return <Trans>{who} staked more chips as a validator.</Trans>;
    case "unstake":
      return <Trans>{who} took back chips staked as a validator.</Trans>;
    case "appoint":
      return action.validator.weight === 0 ? (
        <Trans>
          {who} removed <Names players={[action.validator.account]} /> as a validator.
        </Trans>
      ) : (
        <Trans>
          {who} appointed <Names players={[action.validator.account]} /> as a validator.
        </Trans>
      );
    case "address": {
      const { address } = action;
      return (
        <Trans>
          {who} signed that the pool’s page is at {address}.
        </Trans>
      );
    }
    case "question": {
      const { text } = action.question;
      return (
        <Trans>
          {who} signed the question “{text}”.
        </Trans>
      );
    }
    case "offer":
      return <Trans>{who} offers to be a validator.</Trans>;
    case "organiser":
      return action.added ? (
        <Trans>
          {who} made <Names players={[action.account]} /> an organiser.
        </Trans>
      ) : (
        <Trans>
          {who} removed <Names players={[action.account]} /> as an organiser.
        </Trans>
      );
    case "evidence":
      return <Trans>{who} proved that a validator cheated.</Trans>;
  }
}

/** The sentence of a transaction. */
export function ActionText({ by }: { by: Pick<Shapes["TransactionBody"], "player" | "action" | "void"> }) {
  return <Says who={<Names players={[by.player]} />} action={by.action} void={by.void?.length ?? 0} />;
}
