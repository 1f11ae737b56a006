import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";

import type { Won } from "../../sentences/fullTime";
import type { Lead } from "../../sentences/lead";
import { LeadText } from "../../sentences/LeadText";
import { namesOf } from "../../words/Names";
import { roundName } from "../../words/rounds";
import styles from "./FullTime.module.css";

/** Who won the round, as a sentence. */
function wonText({ stage, winners }: Won, own: string | undefined): string {
  const round = roundName(stage);
  const count = winners[0]?.points ?? 0;
  const points = plural(count, { one: "# point", other: "# points" });
  const others = winners.filter(({ player }) => player.account !== own);
  const who = namesOf(others.map(({ player }) => player));
  if (others.length === winners.length)
    return winners.length === 1 ? t`${who} won ${round} with ${points}.` : t`${who} won ${round} with ${points} each.`;
  return others.length === 0
    ? t`You won ${round} with ${points}.`
    : t`You and ${who} won ${round} with ${points} each.`;
}

interface Props {
  lead: Lead | undefined;
  won: Won | undefined;
  own: string | undefined;
}

/** What a result brought beyond the player's own tip: a change of the lead, a round that is won. */
export const Brought = ({ lead, won, own }: Props) => (
  <>
    {lead !== undefined && (
      <p className={styles.brought}>
        <b>
          <Trans>At the top:</Trans>
        </b>{" "}
        <LeadText lead={lead} own={own} />
      </p>
    )}
    {won !== undefined && <p className={styles.brought}>{wonText(won, own)}</p>}
  </>
);
