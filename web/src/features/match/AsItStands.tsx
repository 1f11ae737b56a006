import { Trans, useLingui } from "@lingui/react/macro";

import { Card, Section } from "../../design/Card";
import { Long } from "../../design/Long";
import { Movement } from "../../design/Movement";
import { Disc, Pile, personOf } from "../../design/people";
import { BetChip } from "../../design/TipChip";
import { Unread } from "../../design/Unread";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useGains, useLiveTable, type Gains, type Live } from "../../node/live";
import { nearNow } from "../../node/tips";
import { Link } from "../../route";
import { leadOf } from "../../sentences/lead";
import { LeadText } from "../../sentences/LeadText";
import { distance, seconds } from "../../words/time";
import styles from "./Rows.module.css";

type Bet = Shapes["BetBody"];

const ROW_PX = 48;

interface Props {
  live: Live;
  bets: readonly Bet[];
  own: string | undefined;
}

/** Who leads if it ended now; and that it has not. */
export function Lead({ live, own }: Pick<Props, "live" | "own">) {
  const ago = distance(useNow(10) - seconds(live.at));
  const table = useLiveTable().data;
  const lead = table && leadOf(table.items, own);
  return (
    <div className={styles.lead}>
      {lead !== undefined && (
        <Pile people={lead.first.map(personOf)} size={32} most={2} all={Math.min(lead.first.length, 2)} />
      )}
      <p>
        <strong>{lead === undefined ? "\u00a0" : <LeadText lead={lead} own={own} />}</strong>
        <span>
          <Trans>Not a result yet, updated {ago} ago.</Trans>
        </span>
      </p>
    </div>
  );
}

interface LineProps {
  line: Shapes["StandingBody"];
  bet: Bet | undefined;
  live: Live;
  mine: boolean;
  /** What the matches that are played now would give; `undefined` while that is not known. */
  gains: Gains | undefined;
}

function Tip({ bet, live, gains, mine }: Omit<LineProps, "line">) {
  const near = bet?.score == null ? undefined : nearNow(bet.score, live, bet.player.account, gains);
  const joy = mine ? `live ${bet?.transaction}` : undefined;
  return <BetChip key={near} bet={bet} is={near} joy={joy} />;
}

function Line({ line, ...rest }: LineProps) {
  const gain = rest.gains?.of.get(line.player.account) ?? 0;
  const person = personOf(line.player);
  return (
    <div role="listitem" className={styles.row} data-mine={rest.mine || undefined}>
      <span className={styles.place}>{line.place}</span>
      <Movement by={(line.before ?? line.place) - line.place} />
      <Disc person={person} />
      <Link to="/player/:name" params={{ name: person.name }} className={styles.name}>
        {person.name}
      </Link>
      <Tip {...rest} />
      <span className={styles.gain} data-some>
        {gain > 0 && `+${gain}`}
      </span>
      <span className={styles.points}>{line.points}</span>
    </div>
  );
}

/** The table as it would stand if what is played now ended so, with what each tip would score. The node says it; nothing here can check it. */
export function AsItStands({ live, bets, own }: Props) {
  const { t } = useLingui();
  const table = useLiveTable();
  const gains = useGains();
  const lines = table.data?.items ?? [];
  const tips = new Map(bets.map((bet) => [bet.player.account, bet]));
  return (
    <Section
      aria-label={t`As it stands`}
      title={<Trans>As it stands</Trans>}
      aside={<Trans>tip · would score · points</Trans>}
    >
      {table.isError || table.data === undefined ? (
        <Unread of={[table]} height={ROW_PX * Math.max(bets.length, 3)} />
      ) : (
        <Card>
          <Long
            count={lines.length}
            height={ROW_PX}
            keyOf={(index) => lines[index]?.player.account ?? String(index)}
            row={(index) => {
              const line = lines[index];
              if (line === undefined) return null;
              const { account } = line.player;
              return <Line line={line} bet={tips.get(account)} live={live} mine={account === own} gains={gains} />;
            }}
          />
        </Card>
      )}
    </Section>
  );
}
