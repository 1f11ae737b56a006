import { Plural, Trans } from "@lingui/react/macro";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { StaysLocked } from "../../identity/hand";
import { handOver, missing, useHandingOver } from "../../identity/handOver";
import { useOpensOwn } from "../../identity/opensOwn";
import { Refusal } from "../../identity/Refusal";
import { useNow } from "../../node/clock";
import { useOpenings } from "../../node/queries";
import { moment, seconds } from "../../words/time";

/** Says in time until when the player must look in, where nobody else opens what is sealed, and why nobody does. */
export function Unopened({ pool, account }: { pool: string; account: string }) {
  const now_s = useNow();
  const own = useOpensOwn(pool);
  const { data } = useOpenings(account);
  const { busy, settles, error } = useHandingOver();
  const mine = (data?.seals ?? []).filter(({ will_open, ends }) => !will_open && ends != null);
  const ends_s = Math.min(...mine.map(({ ends }) => seconds(ends ?? "")));
  if (data === undefined || mine.length === 0 || ends_s <= now_s) return null;
  const left = own ? 0 : missing(data, now_s).length;
  const locked = error instanceof StaysLocked;
  if ((busy || settles) && !locked) return null;
  const until = moment(ends_s, now_s);
  return (
    <>
      <Notice>
        <p>
          <Plural
            value={mine.length}
            one={`# sealed tip is opened by this page only: look in once after its kick-off, until ${until}.`}
            other={`# sealed tips are opened by this page only: look in once after each kick-off, for the first one until ${until}.`}
          />{" "}
          <Trans>What stays sealed does not count.</Trans>
        </p>
        {left > 0 && locked && (
          <p>
            <Trans>Your key is locked, so the keepers have not got what opens them.</Trans>{" "}
            <Button onPress={() => void handOver(pool, account, data, true)}>
              <Trans>Unlock, and hand it to them</Trans>
            </Button>
          </p>
        )}
        {left > 0 && !locked && error != null && (
          <p>
            <Trans>The keepers were not handed what opens them:</Trans>
          </p>
        )}
      </Notice>
      {left > 0 && !locked && <Refusal error={error} />}
    </>
  );
}
