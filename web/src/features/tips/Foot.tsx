import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { cx } from "../../design/cx";
import { TickIcon } from "../../design/icons";
import type { Draft } from "../../identity/drafts/draft";
import { keepDraft, whichOf } from "../../identity/drafts/drafts";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { ofMatch } from "../../identity/tippable";
import { Link } from "../../route";
import styles from "./Editor.module.css";
import line from "./Line.module.css";
import type { OpenProps } from "./OpenRow";
import { Opens } from "./Opens";
import { stays } from "./write";

/** How sure a tip is. */
function Sure({ tip, fresh }: { tip: OwnTip; fresh: boolean }) {
  switch (tip.state) {
    case "stamped":
      return (
        <strong className={cx(styles.sure, fresh && line.fresh)}>
          <span className={line.tick}>
            <TickIcon size={18} />
          </span>
          <Trans>Confirmed</Trans>
        </strong>
      );
    case "late":
      return (
        <strong className={line.late}>
          <Trans>Too late</Trans>
        </strong>
      );
    default:
      return (
        <span className={styles.sure}>
          <span className={line.ring} aria-hidden="true" />
          {tip.state === "booked" ? <Trans>In a block</Trans> : <Trans>Sent</Trans>}
        </span>
      );
  }
}

/** That the tip under a draft counts as long as the draft is not sent. */
function Stays({ match, tip: { score, stake }, draft }: Pick<OpenProps, "match"> & { tip: OwnTip; draft: Draft }) {
  const { t } = useLingui();
  const chips = draft.stake === stake ? "" : ` · ${t`${stake} chips`}`;
  const stands = score === null ? "" : `${ofMatch(match).says(score, ":")}${chips}`;
  return stands === "" ? (
    <Trans>Your last tip still counts until you send the change</Trans>
  ) : (
    <Trans>{stands} still counts until you send the change</Trans>
  );
}

interface Props extends OpenProps {
  close: (() => void) | undefined;
  /** What else is said or done there. */
  children: ReactNode;
}

/** Under the steppers: what becomes of what they say, and the ways on and back. */
export function Foot({ pool, match, tip, draft, fresh, seal, close, children }: Props) {
  return (
    <div className={styles.foot}>
      <div className={styles.says}>
        {draft !== undefined && tip !== undefined && stays(tip, draft) ? (
          <Stays match={match} tip={tip} draft={draft} />
        ) : draft !== undefined ? (
          <Trans>Draft, not sent yet</Trans>
        ) : tip === undefined ? (
          <Trans>No tip yet</Trans>
        ) : (
          <Sure tip={tip} fresh={fresh} />
        )}
        {children}
        {draft === undefined && tip !== undefined && seal !== undefined && (
          <small>
            <Opens {...seal} />
          </small>
        )}
      </div>
      <div className={styles.ways}>
        <Link to="/match/:code" params={{ code: match.code }} className={styles.way}>
          <Trans>Match page</Trans>
        </Link>
        {draft !== undefined ? (
          <button type="button" className={styles.way} onClick={() => keepDraft(pool, whichOf(match), undefined)}>
            <Trans>Clear</Trans>
          </button>
        ) : (
          close !== undefined && (
            <button type="button" className={styles.way} onClick={close}>
              <Trans>Close</Trans>
            </button>
          )
        )}
      </div>
    </div>
  );
}
