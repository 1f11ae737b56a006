import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { provenFinal } from "../../checking/state";
import { Button } from "../../design/Button";
import { Choice } from "../../design/Choice";
import { Failure } from "../../design/Failure";
import { Handout } from "../../design/Handout";
import { Skeleton } from "../../design/Skeleton";
import { signer } from "../../keys/signer";
import { Refusal } from "../../identity/sending/Refusal";
import { nodeTime, useNow } from "../../node/clock";
import { usePlayers, usePool, useStatus } from "../../node/queries";
import { moment } from "../../words/time";
import { keepMade, left, linkOf, madeHere, tickets, type Ticket } from "./invitation";
import { nameOf, useOwnOffice } from "./me";
import styles from "./Organise.module.css";

const DAY_S = 86_400;

function Card({ ticket, show }: { ticket: Ticket; show: (() => void) | undefined }) {
  const now_s = useNow();
  const [left, uses] = [ticket.uses - ticket.came.length, ticket.uses];
  const until = moment(ticket.expires, now_s);
  const names = ticket.came.map(({ name }) => name).join(", ");
  const who = ticket.organiser === undefined ? undefined : nameOf(ticket.organiser);
  return (
    <li className={styles.card}>
      <p>{names === "" ? <Trans>Nobody has come by it yet.</Trans> : <strong>{names}</strong>}</p>
      <p className={styles.soft}>
        {ticket.expires > now_s && left > 0 ? (
          <Trans>
            {left} of {uses} places are free, until {until}.
          </Trans>
        ) : (
          <Trans>Nobody can come by it any more.</Trans>
        )}{" "}
        {who !== undefined && <Trans>Made by {who}.</Trans>}
      </p>
      {show !== undefined && ticket.expires > now_s && left > 0 && (
        <div className={styles.doing}>
          <Button onPress={show}>
            <Trans>Show the link</Trans>
          </Button>
        </div>
      )}
    </li>
  );
}

/** Links that let friends in, and who came by which. */
export function Invitations() {
  const { t } = useLingui();
  const pool = usePool();
  const status = useStatus();
  const players = usePlayers();
  const { account } = useOwnOffice();
  const [uses, setUses] = useState<"1" | "5" | "20" | "100">("20");
  const [days, setDays] = useState<"1" | "7" | "30">("7");
  const [shown, setShown] = useState<string>();
  const making = useMutation({
    mutationFn: async () => {
      const rules = await signer(pool.id);
      const named = provenFinal();
      const now_s = Math.floor(nodeTime() / 1000);
      const expires = now_s + Number(days) * DAY_S;
      const fragment = await left(await rules.invite(Number(uses), expires, named));
      keepMade(pool.id, { fragment, uses: Number(uses), expires }, now_s);
      return fragment;
    },
    onSuccess: setShown,
  });

  if (status.data === undefined || players.data === undefined) {
    const error = status.error ?? players.error;
    if (error === null) return <Skeleton rows={3} height={88} />;
    return <Failure error={error} again={() => void Promise.all([status.refetch(), players.refetch()])} />;
  }
  const page = status.data.link;
  const link = shown === undefined ? undefined : linkOf(shown, location.origin, page.url);
  const known = tickets(madeHere(pool.id), account, players.data);
  return (
    <div className={styles.desk}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate();
        }}
      >
        <Choice
          label={t`How many friends`}
          value={uses}
          choose={setUses}
          choices={(["1", "5", "20", "100"] as const).map((value) => ({ value, says: value }))}
        />
        <Choice
          label={t`For how long`}
          value={days}
          choose={setDays}
          choices={(["1", "7", "30"] as const).map((value) => ({
            value,
            says: <Plural value={Number(value)} one="# day" other="# days" />,
          }))}
        />
        <Button type="submit" look={link === undefined ? "main" : "plain"} wide isDisabled={making.isPending}>
          {link === undefined ? <Trans>Make a link</Trans> : <Trans>Make another link</Trans>}
        </Button>
        <Refusal error={making.error} />
      </form>
      {link !== undefined && <Handout link={link} reach={page.reach} />}
      {known.length > 0 && (
        <section className={styles.section}>
          <h2 className={styles.title}>
            <Trans>Who came by which</Trans>
          </h2>
          <ul className={styles.rows}>
            {known.map((ticket) => {
              const { fragment } = ticket;
              return (
                <Card
                  key={`${ticket.expires}/${ticket.uses}/${ticket.organiser?.account ?? ""}`}
                  ticket={ticket}
                  show={fragment === undefined ? undefined : () => setShown(fragment)}
                />
              );
            })}
          </ul>
        </section>
      )}
    </div>
  );
}
