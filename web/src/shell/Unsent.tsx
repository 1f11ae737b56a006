import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import styles from "../design/Banner.module.css";
import { Button } from "../design/Button";
import { useDrafts, wantSent } from "../identity/drafts/drafts";
import { Late } from "../identity/sending/Late";
import { useSending } from "../identity/sending/Sender";
import { isOpen, missed, sendable } from "../identity/sending/sendTips";
import { useTippable } from "../identity/tippable";
import { usePassed } from "../node/clock";
import { poolOptions } from "../node/queries";
import { Link } from "../route";
import { seconds } from "../words/time";

/** Says, at every place but Tips, which tips wait for the pool's computer, and which waited too long. */
export function Unsent() {
  const id = useQuery(poolOptions()).data?.id ?? "";
  const { wanted } = useDrafts(id);
  const sending = useSending();
  const tippable = useTippable(wanted.length > 0) ?? [];
  const now_s = usePassed(tippable.flatMap(({ deadline }) => (deadline == null ? [] : seconds(deadline))));
  const waiting = sendable(id, tippable, now_s, wanted).length;
  const lost = missed(id, tippable, now_s);
  const late = [...(sending.data?.late ?? []), ...lost];
  if (waiting === 0 && late.length === 0) return null;
  return (
    <div className={styles.away} role="status">
      {waiting > 0 && (
        <p>
          <Plural
            value={waiting}
            one="# tip waits: it is sent as soon as the pool answers. Keep this page open."
            other="# tips wait: they are sent as soon as the pool answers. Keep this page open."
          />{" "}
          <Link to="/">
            <Trans>Tips</Trans>
          </Link>
        </p>
      )}
      {late.length > 0 && (
        <>
          <Late late={late} sent={[]} open={tippable.filter((on) => isOpen(on, now_s))} />
          <Button
            look="quiet"
            onPress={() => {
              sending.reset();
              if (waiting === 0) wantSent(id, []);
            }}
          >
            <Trans>Close</Trans>
          </Button>
        </>
      )}
    </div>
  );
}
