import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";

import { Empty } from "../../design/Empty";
import { Unread } from "../../design/Unread";
import { queries } from "../../node/client";
import { useEvents, type EventName } from "../../node/events";
import { useMatches } from "../../node/queries";
import { useSoon } from "../../device/soon";
import { Link, type Search } from "../../route";
import { Bets } from "./Bets";
import styles from "./Classic.module.css";
import { Form } from "./Form";
import { refusal, waitingOptions } from "./routes";

function Absent({ why }: { why: "off" | "not-here" }) {
  const tips = (
    <Link to="/">
      <Trans>Go to your tips</Trans>
    </Link>
  );
  if (why === "off")
    return (
      <Empty title={<Trans>The article’s form is off here</Trans>}>
        <p>
          <Trans>
            The owner of this pool’s computer can turn it on with <code>bolao run --classic</code>.
          </Trans>{" "}
          {tips}
        </p>
      </Empty>
    );
  const { port } = location;
  return (
    <Empty title={<Trans>This form works on the pool’s own computer</Trans>}>
      <p>
        <Trans>
          Here the pool’s computer signs for any name without asking, so it only accepts requests from itself. Open the
          form there at <code>http://localhost:{port}/classic</code>. On this device your own key signs.
        </Trans>{" "}
        {tips}
      </p>
    </Empty>
  );
}

/** The page of the betting article. */
export function Classic({ player }: Search) {
  const waiting = useQuery(waitingOptions());
  const matches = useMatches();
  const drawn = useSoon(waiting.data !== undefined && matches.data !== undefined);
  useEvents(
    useCallback((name: EventName) => {
      if (["transaction", "block", "tip", "reorganised", "resync", "lagged"].includes(name))
        void queries.invalidateQueries({ queryKey: ["classic"] });
    }, []),
  );

  const why = refusal(waiting.error);
  return (
    <div className={styles.sheet}>
      <header className={styles.head}>
        <h1>{player === undefined ? <Trans>Place your bets</Trans> : <Trans>Bets of {player}</Trans>}</h1>
        <p>
          <Trans>As in the article: a name and two scores.</Trans>
        </p>
      </header>
      {why !== undefined ? (
        <Absent why={why} />
      ) : waiting.data !== undefined && matches.data !== undefined && drawn ? (
        player === undefined ? (
          <Form matches={matches.data} />
        ) : (
          <Bets name={player} matches={matches.data} waiting={waiting.data} />
        )
      ) : (
        <Unread of={[waiting, matches]} rows={3} height={96} />
      )}
    </div>
  );
}
