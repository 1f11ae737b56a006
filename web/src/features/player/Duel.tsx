import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense } from "react";

import { Card, Section } from "../../design/Card";
import { Failure } from "../../design/Failure";
import { useColour } from "../../design/people";
import { ShareButton } from "../../design/share";
import silent from "../../design/Silent.module.css";
import { Skeleton } from "../../design/Skeleton";
import type { Shapes } from "../../node/client";
import { useMatches, usePlayerBets, usePool } from "../../node/queries";
import { Compared } from "./Compared";
import { Differed } from "./Differed";
import { differed, leads, meetings } from "./duel";
import { DuelPicture } from "./DuelPicture";
import { Head, Says, Side } from "./Head";
import head from "./Head.module.css";
import { More } from "./More";
import styles from "./Player.module.css";

const Ahead = lazy(() => import("./Ahead"));

type Page = Shapes["PlayerPage"];

interface Props {
  page: Page;
  me: Page;
}

/** Somebody who plays, beside this device's player. */
export function Duel({ page, me }: Props) {
  const { t } = useLingui();
  const pool = usePool();
  const mine = usePlayerBets(me.account);
  const theirs = usePlayerBets(page.account);
  const matches = useMatches().data;
  const colours = [useColour(me.account), useColour(page.account)] as const;
  const by = me.standing.points - page.standing.points;
  const apart = Math.abs(by);
  const { name } = page;
  const failed = [mine, theirs].find(({ isError }) => isError);
  const met = matches && mine.data && theirs.data ? meetings(matches, mine.data, theirs.data) : undefined;
  const ahead = met && leads(met);
  const first = by < 0 ? name : me.name;
  const text = `${me.name} ${me.standing.points} : ${page.standing.points} ${name} · ${pool.name}`;
  const sentence = by === 0 ? t`Level on points` : t`${first} leads by ${apart}`;
  return (
    <div className={styles.page}>
      <Head
        share={
          <ShareButton
            look="bare"
            name="bolao-duel"
            text={`${text}. ${sentence}.`}
            picture={() => <DuelPicture pages={[me, page]} colours={colours} leads={ahead ?? []} says={sentence} />}
          />
        }
      >
        <h1 className={silent.silent}>
          <Trans>You and {name}</Trans>
        </h1>
        <div className={head.sides}>
          <Side person={me} name={<Trans>You</Trans>} points={me.standing.points} />
          <span className={head.versus} aria-hidden="true">
            <Trans>vs</Trans>
          </span>
          <Side person={page} name={name} points={page.standing.points} />
        </div>
        <Says>{by > 0 ? <Trans>You lead by {apart}</Trans> : sentence}</Says>
      </Head>
      {failed !== undefined && <Failure error={failed.error} again={() => void failed.refetch()} />}
      <div className={styles.columns}>
        <section className={styles.part}>
          <Card className={styles.card}>
            <Compared mine={me} theirs={page} chips={pool.starting_chips > 0} colours={colours} />
            {ahead === undefined ? (
              <Skeleton height={170} />
            ) : (
              ahead.length > 0 && (
                <Suspense fallback={<Skeleton height={170} />}>
                  <Ahead leads={ahead} colours={colours} name={name} />
                </Suspense>
              )
            )}
          </Card>
          {page.provisional > 0 && (
            <p className={styles.soft}>
              <Plural value={page.provisional} one="# result can still change" other="# results can still change" />
            </p>
          )}
        </section>
        <Section title={<Trans>Where you differed</Trans>} aside={<Trans>you · result · {name}</Trans>}>
          {met === undefined ? <Skeleton rows={4} height={56} /> : <Differed met={differed(met)} name={name} />}
        </Section>
        {theirs.data !== undefined && <More page={page} bets={theirs.data} tips />}
      </div>
    </div>
  );
}
