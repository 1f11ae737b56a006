import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState, type ReactNode } from "react";

import type { Shapes } from "../node/client";
import { According } from "./According";
import { Button } from "./Button";
import { copy } from "./copy";
import styles from "./Handout.module.css";
import { ShareIcon } from "./icons";
import { Opens } from "./Opens";
import { Qr } from "./Qr";
import { Stage } from "./stage/Stage";

interface Props {
  link: string;
  /** Who can open it, as far as the node knows; `undefined` until it has told. */
  reach: Shapes["Reach"] | undefined;
  /** What stands above it where it is the head of a place. */
  head?: ReactNode;
  /** What stands below. */
  children?: ReactNode;
}

/** A link for friends: a QR code to scan, a link to share or to copy, and who can open it. */
export function Handout({ link, reach, head, children }: Props) {
  const { t } = useLingui();
  const shown = useRef<HTMLParagraphElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const shares = "share" in navigator;
  return (
    <div className={styles.handout} data-head={head !== undefined || undefined}>
      <Stage head={head !== undefined} className={styles.stage}>
        {head}
        <Qr text={link} label={t`QR code of the link`} />
        <p className={styles.link} ref={shown}>
          {link}
        </p>
        <div className={styles.doing}>
          {shares && (
            <Button look="flash" onPress={() => void navigator.share({ url: link }).catch(() => undefined)}>
              <ShareIcon size={22} />
              <Trans>Share the link</Trans>
            </Button>
          )}
          <Button look={shares ? "stage" : "flash"} onPress={() => void copy(link, shown.current).then(setCopied)}>
            {copied === true ? <Trans>Copied</Trans> : <Copy short={shares} />}
          </Button>
        </div>
        <div role="status">
          {copied === false && <Trans>Your browser can’t copy here: hold your finger on the link.</Trans>}
        </div>
      </Stage>
      <div className={styles.below}>
        <According>
          <Opens link={link} reach={reach} />
        </According>
        {children}
        <p className={styles.soft}>
          <Trans>Anyone with the link can join. It can’t be revoked, so share it only with friends.</Trans>
        </p>
      </div>
    </div>
  );
}

const Copy = ({ short }: { short: boolean }) => (short ? <Trans>Copy</Trans> : <Trans>Copy the link</Trans>);
