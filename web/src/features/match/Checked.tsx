import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { HowChecked } from "../../checking/HowChecked";
import { Receipt } from "../../checking/Receipt";
import { useProven } from "../../checking/state";
import { Button } from "../../design/Button";
import { ReceiptIcon } from "../../design/icons";
import { Sheet } from "../../design/Sheet";
import { State, stateOf } from "../../design/State";
import type { Shapes } from "../../node/client";
import type { Live } from "../../node/live";
import { standing } from "../../node/record";
import { Link } from "../../route";
import { Moved } from "../../words/Moved";
import { Names } from "../../words/Names";
import { exactTime, seconds } from "../../words/time";

interface Props {
  match: Shapes["MatchBody"];
  live: Live | undefined;
  /** This device's player's tip. */
  bet: Shapes["BetBody"] | undefined;
}

/** In which block a tip is, and its receipt. */
function Own({ bet }: { bet: Shapes["BetBody"] }) {
  const [open, setOpen] = useState(false);
  const proven = useProven();
  const height = String(bet.height);
  return (
    <>
      <p>
        <Trans>
          Your signed tip is in{" "}
          <Link to="/book/:block" params={{ block: height }}>
            block {height}
          </Link>
          .
        </Trans>{" "}
        <State is={stateOf(bet.state, bet.height, proven)} />
      </p>
      <div>
        <Button onPress={() => setOpen(true)}>
          <ReceiptIcon size={20} />
          <Trans>Your receipt</Trans>
        </Button>
      </div>
      <Sheet title={<Trans>Receipt</Trans>} open={open} close={() => setOpen(false)}>
        <Receipt transaction={bet.transaction} account={bet.player.account} state={bet.state} name={bet.match.code} />
      </Sheet>
    </>
  );
}

/** What proves what stands here. */
export function Checked({ match, live, bet }: Props) {
  const record = standing(match);
  const from = live?.from ?? "";
  const at = record === undefined ? "" : exactTime(seconds(record.since));
  return (
    <HowChecked>
      {live !== undefined && (
        <p>
          {live.word == null ? (
            <Trans>
              The live score comes from the list <bdi>{from}</bdi>. Nobody has signed it, so no device can check it, nor
              the table as it stands.
            </Trans>
          ) : (
            <Trans>
              <bdi>{from}</bdi> signed the live score. It isn’t in a block and doesn’t count.
            </Trans>
          )}
        </p>
      )}
      {record !== undefined && (
        <p>
          <Trans>
            Signed by <Names players={record.signers} />: {at}.
          </Trans>
        </p>
      )}
      {match.status !== "scheduled" && match.moved != null && (
        <p>
          <Moved match={match} />
        </p>
      )}
      {match.unopened > 0 && (
        <p>
          <Trans>Hidden tips are encrypted. They are revealed at kick-off.</Trans>
        </p>
      )}
      {bet !== undefined && <Own bet={bet} />}
      <p>
        <Link to="/book">
          <Trans>All blocks and validators</Trans>
        </Link>
      </p>
    </HowChecked>
  );
}
