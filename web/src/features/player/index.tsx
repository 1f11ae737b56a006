import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { createLazyRoute, Link, useParams } from "@tanstack/react-router";

import { known } from "../../checking/reads";
import { lineOf } from "../../checking/line";
import { Mark } from "../../checking/Mark";
import { SlipCheck } from "../../checking/SlipCheck";
import { useAsked } from "../../checking/useAsked";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { Star } from "../../design/Star";
import { isSealed, useOwnTips } from "../../identity/drafts/ownTips";
import { usePlayerHere } from "../../keys/player";
import { isProblem, type Shapes } from "../../node/client";
import { playerBetsOptions, usePlayer, usePlayerBets, usePool } from "../../node/queries";
import { Bets } from "./Bets";
import { Courses } from "./Courses";
import styles from "./Player.module.css";

export const Route = createLazyRoute("/player/$name")({ component: PlayerPlace });

interface FactsProps {
  page: Shapes["PlayerPage"];
  /** What they tipped, once it is known. */
  bets: Shapes["BetBody"][] | undefined;
}

function Facts({ page, bets }: FactsProps) {
  const { i18n } = useLingui();
  const { standing, players } = page;
  const { place } = standing;
  // Added up from what is compared: the node's own sums are not.
  const staked = bets?.reduce((sum, { stake, payout }) => (payout == null ? sum + stake : sum), 0) ?? 0;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>
          <Trans>Place</Trans>
        </dt>
        <dd>{place}</dd>
        <dd className={styles.soft}>
          <Trans>of {players}</Trans>
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Points</Trans>
        </dt>
        <dd>
          {standing.points}
          {page.provisional > 0 && "*"}
        </dd>
        <dd className={styles.soft}>
          <Plural value={standing.exact} one="# exact" other="# exact" />
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Tips</Trans>
        </dt>
        <dd>{bets?.length}</dd>
        <dd className={styles.soft}>
          <Plural value={standing.missing} one="# missed" other="# missed" />
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Chips</Trans>
        </dt>
        <dd>{i18n.number(page.chips)}</dd>
        <dd className={styles.soft}>{staked > 0 && <Plural value={staked} one="# in pots" other="# in pots" />}</dd>
      </div>
    </dl>
  );
}

function Found({ asked, page }: { asked: string; page: Shapes["PlayerPage"] }) {
  const pool = usePool();
  const mine = usePlayerHere(pool.id)?.account === page.account;
  const bets = usePlayerBets(page.account);
  const sealed = mine && bets.data?.some(isSealed) === true;
  const seals = useOwnTips(pool.id, sealed ? page.account : undefined);
  useAsked(`player ${page.account}`, (fresh) => lineOf(asked, fresh));
  useAsked(`tips ${page.account}`, async (fresh) => [
    {
      of: { route: "player-bets", account: page.account },
      body: { items: await known(playerBetsOptions(page.account), fresh) },
    },
  ]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>
          {page.name}
          {mine && (
            <span className={styles.you}>
              {" "}
              <Trans>you</Trans>
            </span>
          )}
        </h1>
        <Mark />
      </header>
      <Facts page={page} bets={bets.data} />
      {(page.provisional > 0 || bets.data?.some(({ points, provisional }) => points != null && provisional)) && (
        <Star />
      )}
      {bets.isError ? (
        <Failure error={bets.error} again={() => void bets.refetch()} />
      ) : bets.data === undefined ? (
        <Skeleton rows={6} height={56} />
      ) : (
        <div className={styles.columns}>
          <Bets bets={bets.data} own={mine ? seals : undefined} />
          <Courses player={page.account} bets={bets.data} />
          <section className={styles.part}>
            <h2>
              <Trans>Receipts</Trans>
            </h2>
            <p className={styles.soft}>
              <Trans>
                A receipt proves that a tip was in the book in time, without this page and without the pool’s computer.
                Save one beside each tip, or check one here.
              </Trans>
            </p>
            <SlipCheck />
          </section>
        </div>
      )}
    </div>
  );
}

function NoSuch() {
  return (
    <Empty title={<Trans>No such player</Trans>}>
      <Link to="/table">
        <Trans>Everybody who plays</Trans>
      </Link>
    </Empty>
  );
}

function PlayerPlace() {
  const { name } = useParams({ from: "/player/$name" });
  const player = usePlayer(name);
  if (player.data !== undefined) return <Found asked={name} page={player.data} />;
  if (isProblem(player.error) && player.error.status === 404) return <NoSuch />;
  if (player.isError) {
    return (
      <>
        <Failure error={player.error} again={() => void player.refetch()} />
        <p>
          <Link to="/table">
            <Trans>Everybody who plays</Trans>
          </Link>
        </p>
      </>
    );
  }
  return (
    <>
      <Skeleton rows={1} height={120} />
      <Skeleton rows={6} height={56} />
    </>
  );
}
