import { Plural, Trans } from "@lingui/react/macro";

import { known } from "../../checking/reads";
import { useAsked } from "../../checking/useAsked";
import { Disc } from "../../design/people";
import { standingsOptions, useStandings } from "../../node/queries";
import { Names } from "../../words/Names";
import { roundName } from "../../words/rounds";
import styles from "./RoundWon.module.css";

/** Who won a round that is over: one line, in gold. */
export function RoundWon({ stage }: { stage: string }) {
  const slice = { stage };
  const lines = useStandings(slice).data?.items ?? [];
  useAsked(`standings ${stage}`, async (fresh) => [
    { of: { route: "standings", stage }, body: await known(standingsOptions(slice), fresh) },
  ]);
  const [first] = lines;
  if (first === undefined || first.points === 0) return null;
  const winners = lines.filter(({ place }) => place === first.place).map(({ player }) => player);
  const round = roundName(stage);
  return (
    <section className={styles.won}>
      {winners.slice(0, 3).map(({ account, name }) => (
        <Disc key={account} person={{ account, name: name ?? account }} size={40} />
      ))}
      <p>
        <strong>
          <Trans>
            <Names players={winners} /> won {round}
          </Trans>
        </strong>
        <span>
          <Plural value={first.points} one="# point" other="# points" />
          {winners.length === 1 && first.exact > 0 && (
            <>
              {" · "}
              <Plural value={first.exact} one="# exact score" other="# exact scores" />
            </>
          )}
        </span>
      </p>
    </section>
  );
}
