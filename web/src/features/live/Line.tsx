import { plural } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Faces } from "../../design/Faces";
import { personOf } from "../../design/people";
import type { Shapes } from "../../node/client";
import { ActionText, MatchLink } from "../../sentences/ActionText";
import { LeadText } from "../../sentences/LeadText";
import { SplitText } from "../../sentences/Split";
import { Names } from "../../words/Names";
import { roundName } from "../../words/rounds";
import { Act } from "./Act";
import type { Item } from "./feed";
import { OwnTip, Result } from "./Result";
import { lacksTips, type News } from "./useNews";

type Player = Shapes["PlayerRef"];

const MANY = 4;

function Players({ of }: { of: readonly Player[] }) {
  if (of.length <= MANY) return <Names players={of} />;
  const others = of.length - MANY + 1;
  return <Names players={of.slice(0, MANY - 1)} more={plural(others, { one: "# other", other: "# others" })} />;
}

/** A match that began, with what the friends think of it; many that began together only by their number. */
function KickOff({ matches, news }: { matches: Shapes["MatchBody"][]; news: News }) {
  const [match, ...others] = matches;
  if (match === undefined) return null;
  if (others.length > 0) {
    const tips = matches.reduce((sum, { bets, unopened }) => sum + bets - unopened, 0);
    return (
      <>
        <Plural value={matches.length} one="# match kicked off" other="# matches kicked off" />
        <small>
          <Plural value={tips} one="# tip revealed" other="# tips revealed" />
        </small>
      </>
    );
  }
  return (
    <>
      <Trans>
        <MatchLink match={match} /> kicked off
      </Trans>
      <small>
        <SplitText match={match} bets={news.tips.get(match.no) ?? []} />
      </small>
    </>
  );
}

function Won({ stage, news }: { stage: string; news: News }) {
  const table = news.tables.get(stage);
  const winners = table?.items.filter(({ place }) => place === 1) ?? [];
  const won = winners[0]?.points ?? 0;
  const points = plural(won, { one: "# point", other: "# points" });
  const round = roundName(stage);
  if (winners.length === 0 || won === 0) return <Trans>{round} is over.</Trans>;
  const who = <Players of={winners.map(({ player }) => player)} />;
  return winners.length === 1 ? (
    <Trans>
      {who} won {round} with {points}.
    </Trans>
  ) : (
    <Trans>
      {who} won {round} with {points} each.
    </Trans>
  );
}

/** What happened, as a sentence. */
export function Says({ item, news, own }: { item: Item; news: News; own: string | undefined }): ReactNode {
  switch (item.is) {
    case "kickoff":
      return <KickOff matches={item.matches} news={news} />;
    case "result":
      return <Result of={item} bets={news.tips.get(item.match.no) ?? (lacksTips(item, news) ? undefined : [])} />;
    case "round":
      return <Won stage={item.stage} news={news} />;
    case "final":
      return (
        <Trans>
          <MatchLink match={item.match} /> is final, and the pot is paid.
        </Trans>
      );
    case "joined":
      return (
        <Trans>
          <Players of={item.players} /> joined the pool.
        </Trans>
      );
    case "tipped":
      return (
        <Trans>
          <Players of={item.players} /> tipped.
        </Trans>
      );
    case "opened":
      return (
        <Trans>
          Tips of <Players of={item.players} /> were revealed.
        </Trans>
      );
    case "leads":
      return <LeadText lead={item.lead} own={own} />;
    case "act":
      return <Act of={item} />;
    case "deed":
      return <ActionText by={item.transaction} />;
  }
}

/** Whom a line is about. */
function peopleOf(item: Item, news: News): readonly Player[] {
  if (item.is === "joined" || item.is === "tipped") return item.players;
  if (item.is === "leads") return item.lead.first;
  if (item.is === "act" || item.is === "deed") return [item.transaction.player];
  if (item.is !== "round") return [];
  return news.tables.get(item.stage)?.items.flatMap(({ player, place }) => (place === 1 ? [player] : [])) ?? [];
}

/** The discs of whom a line is about, or both flags of its match. */
export function Face({ item, news }: { item: Item; news: News }) {
  const match = item.is === "kickoff" ? item.matches[0] : item.is === "result" ? item.match : undefined;
  if (match !== undefined) return <Faces teams={[match.home, match.away]} />;
  return <Faces people={peopleOf(item, news).map(personOf)} />;
}

/** What stands at the end of a line: one's own tip beside a result. */
export const Aside = ({ item, news, own }: { item: Item; news: News; own: string | undefined }) =>
  item.is === "result" && !item.record.corrected ? (
    <OwnTip bet={news.tips.get(item.match.no)?.find(({ player }) => player.account === own)} />
  ) : null;
