import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Card } from "../../design/Card";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { isSealed, useOwnTips } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { usePlayerBets, usePool } from "../../node/queries";
import { Bets } from "./Bets";
import { pointsATip, rightWinners } from "./duel";
import { Form } from "./Form";
import { Head, Says, Side } from "./Head";
import { More } from "./More";
import styles from "./Player.module.css";

type Page = Shapes["PlayerPage"];

const Figure = ({ says, value }: { says: ReactNode; value: ReactNode }) => (
  <div>
    <dt>{says}</dt>
    <dd>{value}</dd>
  </div>
);

function Facts({ page, bets }: { page: Page; bets: Shapes["BetBody"][] | undefined }) {
  const { i18n } = useLingui();
  const { starting_chips } = usePool();
  const { standing, provisional } = page;
  const rate = pointsATip(standing);
  const chips = <b>{i18n.number(page.chips)}</b>;
  const staked = bets?.reduce((sum, { stake, payout }) => (payout == null ? sum + stake : sum), 0) ?? 0;
  return (
    <>
      <Card className={styles.card}>
        <dl className={styles.figures}>
          <Figure says={<Trans>Exact scores</Trans>} value={standing.exact} />
          <Figure says={<Trans>Right winners</Trans>} value={rightWinners(standing)} />
          <Figure
            says={<Trans>Points per tip</Trans>}
            value={rate === undefined ? "–" : i18n.number(rate, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}
          />
        </dl>
        {bets !== undefined && <Form bets={bets} />}
        <p className={styles.rest}>
          {bets !== undefined && (
            <span>
              <Plural value={bets.length} one="# tip" other="# tips" />
            </span>
          )}
          {standing.missing > 0 && (
            <span>
              <Plural value={standing.missing} one="# missed" other="# missed" />
            </span>
          )}
          {starting_chips > 0 && (
            <span>
              <Trans>{chips} chips</Trans>
            </span>
          )}
          {staked > 0 && (
            <span>
              <Plural value={staked} one="# in pots" other="# in pots" />
            </span>
          )}
        </p>
      </Card>
      {provisional > 0 && (
        <p className={styles.soft}>
          <Plural value={provisional} one="# result can still change" other="# results can still change" />
        </p>
      )}
    </>
  );
}

/** A player: this device's own, or whom somebody looks at who does not play here. */
export function Alone({ page, mine }: { page: Page; mine: boolean }) {
  const pool = usePool();
  const bets = usePlayerBets(page.account);
  const sealed = mine && bets.data?.some(isSealed) === true;
  const seals = useOwnTips(pool.id, sealed ? page.account : undefined);
  const { standing, players } = page;
  const { place, tips } = standing;
  return (
    <div className={styles.page}>
      <Head>
        <Side
          person={page}
          name={
            <h1 className={styles.name}>
              {page.name}
              {mine && (
                <small>
                  {" "}
                  <Trans>you</Trans>
                </small>
              )}
            </h1>
          }
          points={standing.points}
        />
        <Says>
          {tips === 0 ? (
            <Plural value={players} one="# player" other="# players" />
          ) : (
            <Trans>
              Place {place} of {players}
            </Trans>
          )}
        </Says>
      </Head>
      {bets.isError ? (
        <Failure error={bets.error} again={() => void bets.refetch()} />
      ) : (
        <div className={styles.columns}>
          <section className={styles.part}>
            <Facts page={page} bets={bets.data} />
          </section>
          {bets.data === undefined ? (
            <Skeleton rows={6} height={56} />
          ) : (
            <>
              <Bets bets={bets.data} own={mine ? seals : undefined} person={mine ? page : undefined} />
              <More page={page} bets={bets.data} />
            </>
          )}
        </div>
      )}
    </div>
  );
}
