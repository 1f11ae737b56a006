import { Plural, Trans } from "@lingui/react/macro";

import { According } from "../../design/According";
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

/** What has begun and only this page reveals, while the key is locked. */
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
            one="# match has kicked off and your tip is still hidden, because your key is locked. Tips that are never revealed don’t count."
            other="# matches have kicked off and your tips are still hidden, because your key is locked. Tips that are never revealed don’t count."
          />
        ) : undecided ? (
          <Plural
            value={ripe.length}
            one="# tip is still hidden: no block has been confirmed since kick-off. Only reveal it if you know that the match has started, because the pool’s computer will be able to read it and may be hiding newer blocks from you. Tips that are never revealed don’t count."
            other="# tips are still hidden: no block has been confirmed since kick-off. Only reveal them if you know that the matches have started, because the pool’s computer will be able to read them and may be hiding newer blocks from you. Tips that are never revealed don’t count."
          />
        ) : (
          <Plural
            value={ripe.length}
            one="# tip is still hidden: this device hasn’t checked that its match has kicked off. Tips that are never revealed don’t count."
            other="# tips are still hidden: this device hasn’t checked that their matches have kicked off. Tips that are never revealed don’t count."
          />
        )}
      </p>
      <Button onPress={() => void open(undecided)}>
        {locked ? (
          <Trans>Unlock and reveal</Trans>
        ) : undecided ? (
          <Trans>The match has started: reveal</Trans>
        ) : (
          <Trans>Check and reveal</Trans>
        )}
      </Button>
    </Notice>
  );
}

/** Says in time until when the player must open this page, where nobody else reveals what is hidden, and why nobody does. */
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
        <According>
          <p>
            <Plural
              value={mine.length}
              one={`Only this page can reveal # of your tips. Open it once after kick-off, before ${until}.`}
              other={`Only this page can reveal # of your tips. Open it once after each kick-off, the first time before ${until}.`}
            />{" "}
            <Trans>Tips that are never revealed don’t count.</Trans>
          </p>
          {left > 0 && locked && (
            <p>
              <Trans>Your key is locked, so the validators don’t have what they need to reveal them for you.</Trans>{" "}
              <Button onPress={handOut}>
                <Trans>Unlock and send it to them</Trans>
              </Button>
            </p>
          )}
          {left > 0 && unchecked && (
            <p>
              <Trans>
                To reveal them for you, the validators need something that also lets them read your tips, and this
                device hasn’t checked who the validators are.
              </Trans>{" "}
              <Button onPress={handOut} isDisabled={busy}>
                {busy ? <Trans>Sending …</Trans> : <Trans>Check and send it to them</Trans>}
              </Button>
            </p>
          )}
          {left > 0 && others && (
            <p>
              <Trans>
                The validators have changed. If you send the new ones what they need to reveal your tips, most of them
                together could read your tips before kick-off: {keepers}.
              </Trans>{" "}
              <Button onPress={() => void deliver(pool, account, data, true, true)} isDisabled={busy}>
                {busy ? <Trans>Sending …</Trans> : <Trans>Send it to them too</Trans>}
              </Button>
            </p>
          )}
          {left > 0 && !locked && !unchecked && !others && error != null && (
            <p>
              <Trans>The validators couldn’t be sent what they need to reveal them:</Trans>
            </p>
          )}
        </According>
      </Notice>
      {left > 0 && !locked && !unchecked && !others && <Refusal error={error} />}
    </>
  );
}

/** What of one's own is hidden and needs this page. */
export function Unopened(props: { pool: string; account: string }) {
  return (
    <>
      <Begun {...props} />
      <Ahead {...props} />
    </>
  );
}
