import { Plural, Trans } from "@lingui/react/macro";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { StaysLocked } from "../../keys/signer";
import { deliver, missing, OtherKeepers, Unchecked, useDelivering } from "../../identity/shares/deliver";
import { NotBegun, openingError, Undecided, useUnopened } from "../../identity/shares/openOwn";
import { useOpensOwn } from "../../identity/shares/opensOwn";
import { Refusal } from "../../identity/sending/Refusal";
import { useNow } from "../../node/clock";
import { useOpenings } from "../../node/queries";
import { useStore } from "../../device/store";
import { namesOf } from "../../words/Names";
import { moment, seconds } from "../../words/time";

/** What has begun and only this page opens, while the key is locked. */
function Begun({ pool, account }: { pool: string; account: string }) {
  const { ripe, open } = useUnopened(pool, account);
  const error = useStore(openingError);
  const locked = error instanceof StaysLocked;
  const undecided = error instanceof Undecided;
  if ((!locked && !(error instanceof NotBegun)) || ripe.length === 0) return null;
  return (
    <Notice look="bad">
      <p>
        {locked ? (
          <Plural
            value={ripe.length}
            one="# sealed tip has begun and is not open yet: your key is locked. What stays sealed does not count."
            other="# sealed tips have begun and are not open yet: your key is locked. What stays sealed does not count."
          />
        ) : undecided ? (
          <Plural
            value={ripe.length}
            one="# sealed tip is not open yet: nothing has been stamped since its kick-off. Open it only if you know that the match has begun: this pool’s computer then reads it, and may hide newer pages from you. What stays sealed does not count."
            other="# sealed tips are not open yet: nothing has been stamped since their kick-off. Open them only if you know that the matches have begun: this pool’s computer then reads them, and may hide newer pages from you. What stays sealed does not count."
          />
        ) : (
          <Plural
            value={ripe.length}
            one="# sealed tip is not open yet: this device has not found in the book that its match has begun. What stays sealed does not count."
            other="# sealed tips are not open yet: this device has not found in the book that their matches have begun. What stays sealed does not count."
          />
        )}
      </p>
      <Button onPress={() => void open(undecided)}>
        {locked ? (
          <Trans>Unlock, and open them</Trans>
        ) : undecided ? (
          <Trans>It has begun: open</Trans>
        ) : (
          <Trans>Read the book, and open them</Trans>
        )}
      </Button>
    </Notice>
  );
}

/** Says in time until when the player must look in, where nobody else opens what is sealed, and why nobody does. */
function Ahead({ pool, account }: { pool: string; account: string }) {
  const now_s = useNow();
  const own = useOpensOwn(pool);
  const { data } = useOpenings(account);
  const { busy, settles, error } = useDelivering();
  const mine = (data?.seals ?? []).filter(({ will_open, ends }) => !will_open && ends != null);
  const ends_s = Math.min(...mine.map(({ ends }) => seconds(ends ?? "")));
  if (data === undefined || mine.length === 0 || ends_s <= now_s) return null;
  const left = own ? 0 : missing(data, now_s).length;
  const locked = error instanceof StaysLocked;
  const unchecked = error instanceof Unchecked;
  const others = error instanceof OtherKeepers;
  if ((busy || settles) && !locked && !unchecked && !others) return null;
  const until = moment(ends_s, now_s);
  const handOut = () => void deliver(pool, account, data, true);
  const keepers = namesOf(data.keepers.map(({ keeper }) => keeper));
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
            <Button onPress={handOut}>
              <Trans>Unlock, and hand it to them</Trans>
            </Button>
          </p>
        )}
        {left > 0 && unchecked && (
          <p>
            <Trans>
              Whoever is handed what opens them could read them, and this device has not found in the book who the
              keepers are.
            </Trans>{" "}
            <Button onPress={handOut} isDisabled={busy}>
              <Trans>Read the book, and hand it to them</Trans>
            </Button>
          </p>
        )}
        {left > 0 && others && (
          <p>
            <Trans>
              The book has other keepers than those who got what opens them. Most of these together could read your tips
              before kick-off: {keepers}.
            </Trans>{" "}
            <Button onPress={() => void deliver(pool, account, data, true, true)} isDisabled={busy}>
              <Trans>Hand it to them, too</Trans>
            </Button>
          </p>
        )}
        {left > 0 && !locked && !unchecked && !others && error != null && (
          <p>
            <Trans>The keepers were not handed what opens them:</Trans>
          </p>
        )}
      </Notice>
      {left > 0 && !locked && !unchecked && !others && <Refusal error={error} />}
    </>
  );
}

/** What of one's own is sealed and needs this page. */
export function Unopened(props: { pool: string; account: string }) {
  return (
    <>
      <Begun {...props} />
      <Ahead {...props} />
    </>
  );
}
