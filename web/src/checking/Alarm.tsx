import { Trans } from "@lingui/react/macro";

import { According } from "../design/According";
import { Notice } from "../design/Notice";
import { useNodeAhead } from "../node/clock";
import { useStatus } from "../node/queries";
import { FindingSays } from "../rulebook/FindingSays";
import { useStore } from "../device/store";
import { usePathname } from "../route";
import { span } from "../words/time";
import { Found } from "./Found";
import { Mark } from "./Mark";
import styles from "./Mark.module.css";
import { broken, differences, useShown, withheld } from "./state";

/** What the node withholds: it may be no lie, so it is said softly. */
function Withheld() {
  const what = useStore(withheld);
  if (what === undefined) return null;
  return (
    <Notice look="soon">
      {what === "older" ? (
        <Trans>
          This pool’s computer shows an older version of the pool than this device has seen: the newest blocks are
          missing. It may still be catching up.
        </Trans>
      ) : (
        <Trans>
          This pool’s computer keeps failing to send all of its blocks, so what you see now is not checked. Your
          connection may be bad, or the computer is hiding something.
        </Trans>
      )}
    </Notice>
  );
}

/** The two clocks, where they differ so much that tips seem to close at the wrong time. */
function Clocks() {
  const ahead_s = useNodeAhead();
  if (ahead_s === 0) return null;
  const by = span(Math.abs(ahead_s));
  return (
    <Notice look="soon">
      {ahead_s > 0 ? (
        <Trans>
          The pool’s clock is {by} ahead of this device. Tips close by the pool’s clock, so they may close earlier than
          you expect.
        </Trans>
      ) : (
        <Trans>
          The pool’s clock is {by} behind this device. If this device is right, you have less time left than shown here.
        </Trans>
      )}
    </Notice>
  );
}

/**
 * Links of the pool at which players' nodes met somebody between, or for which a public log lists another's certificate. The page may
 * itself have come that way: what it can say, it says.
 */
function Intercepted() {
  const { data: status } = useStatus();
  const all = status?.links?.flatMap(({ met = [], logged = [] }) => [...met, ...logged]) ?? [];
  const found = all.find(({ level }) => level === "bad") ?? all[0];
  if (found === undefined) return null;
  return (
    <Notice look={found.level === "bad" ? "bad" : "soon"}>
      <According>
        <FindingSays finding={found} />
      </According>
    </Notice>
  );
}

/** Places without a mark of their own on a phone: there it shows only while what stands there is not checked. */
const UNMARKED = /^\/(book|organise|me)/;

function Doubt() {
  const { looks, now } = useShown();
  const all = useStore(withheld) === undefined;
  const waits = now.is === "not-begun" || now.is === "off" || (now.is === "running" && !now.slow);
  if (looks !== "plain" || (waits && all)) return null;
  return (
    <div>
      <Mark />
    </div>
  );
}

/** What a reader has to know wherever he is: loud where the node lies, softer where it may be no lie. Nothing while all is well. */
export function Alarm() {
  const found = useStore(differences);
  const wrongBook = useStore(broken);
  const path = usePathname();
  const wrong = found.size > 0 || wrongBook !== undefined;
  // Before anybody plays there is nothing to close, and "More" has words of its own.
  const clocks = !/^\/(classic|me)/.test(path);
  return (
    <div className={styles.aloud}>
      {wrong && <Found />}
      <div className={styles.aside}>
        <Intercepted />
      </div>
      <div role="status" className={styles.aside}>
        <Withheld />
        {clocks && <Clocks />}
      </div>
      {UNMARKED.test(path) && <Doubt />}
    </div>
  );
}
