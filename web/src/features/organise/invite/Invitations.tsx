import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { address } from "../../../device/address";
import { According } from "../../../design/According";
import { Section } from "../../../design/Card";
import { useAddress } from "../../../checking/state";
import { Handout } from "../../../design/Handout";
import { Notice } from "../../../design/Notice";
import { Unread } from "../../../design/Unread";
import { useNow } from "../../../node/clock";
import { usePlayers, usePool, useStatus } from "../../../node/queries";
import { originFor } from "../../../node/reach";
import { FindingSays } from "../../../rulebook/FindingSays";
import { useOwnOffice } from "../me";
import styles from "../Organise.module.css";
import { Address } from "./Address";
import { linkOf, madeHere, tickets, type Ticket } from "./invitation";
import { NewLink } from "./NewLink";
import { GoodFor, TicketCard } from "./Ticket";

const isGood = ({ fragment, expires, uses, came }: Ticket, now_s: number): boolean =>
  fragment !== undefined && expires > now_s && came.length < uses;

/** A link that friends join with, and who joined with which. */
export function Invitations() {
  const pool = usePool();
  const status = useStatus();
  const players = usePlayers();
  const signed = useAddress(pool.id);
  const now_s = useNow(60);
  const { account } = useOwnOffice();
  const [chosen, setChosen] = useState<string>();

  if (status.data === undefined || players.data === undefined)
    return <Unread of={[status, players]} rows={3} height={88} />;
  const page = status.data.link;
  const origin = originFor(signed, address, page.url);
  const known = tickets(madeHere(pool.id), account, players.data);
  const good = known.filter((ticket) => isGood(ticket, now_s));
  const shown = good.find(({ fragment }) => fragment === chosen) ?? good[0];
  return (
    <div className={styles.beside}>
      <div className={styles.desk}>
        <Address status={status.data} />
        {status.data.address_gone != null && (
          <Notice look="soon">
            <According>
              <FindingSays finding={status.data.address_gone} />
            </According>
          </Notice>
        )}
        {shown?.fragment === undefined ? (
          <NewLink first made={setChosen} />
        ) : (
          <>
            <Handout link={linkOf(shown.fragment, origin)} reach={page.reach} />
            <p>
              <strong>
                <GoodFor uses={shown.uses} came={shown.came.length} expires={shown.expires} />
              </strong>
            </p>
            <details className={styles.folded}>
              <summary>
                <Trans>Create another link</Trans>
              </summary>
              <NewLink first={false} made={setChosen} />
            </details>
          </>
        )}
      </div>
      {known.length > 0 && (
        <Section className={styles.section} title={<Trans>Who joined with which link</Trans>}>
          <ul className={styles.rows}>
            {known.map((ticket) => {
              const { fragment } = ticket;
              return (
                <TicketCard
                  key={`${ticket.expires}/${ticket.uses}/${ticket.organiser?.account ?? ""}`}
                  ticket={ticket}
                  show={fragment === undefined || fragment === shown?.fragment ? undefined : () => setChosen(fragment)}
                />
              );
            })}
          </ul>
        </Section>
      )}
    </div>
  );
}
