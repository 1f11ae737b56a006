import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";

import { isLocal } from "../node/reach";
import { Button } from "./Button";
import styles from "./Handout.module.css";
import { Notice } from "./Notice";
import { Qr } from "./Qr";

/** Copies a text, also where the browser has no clipboard for pages without TLS. Says whether it could. */
async function copy(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown === null) return false;
    getSelection()?.selectAllChildren(shown);
    // The only way over plain HTTP; browsers keep it for that.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand("copy");
  }
}

/** A link to be given to friends: as a QR code, to be copied, to be shared. */
export function Handout({ link }: { link: string }) {
  const { t } = useLingui();
  const shown = useRef<HTMLParagraphElement>(null);
  const [copied, setCopied] = useState<boolean>();
  return (
    <div className={styles.handout}>
      <Qr text={link} label={t`QR code of the link`} />
      <p className={styles.link} ref={shown}>
        {link}
      </p>
      <div className={styles.doing}>
        <Button look="main" onPress={() => void copy(link, shown.current).then(setCopied)}>
          {copied === true ? <Trans>Copied</Trans> : <Trans>Copy the link</Trans>}
        </Button>
        {"share" in navigator && (
          <Button onPress={() => void navigator.share({ url: link }).catch(() => undefined)}>
            <Trans>Share</Trans>
          </Button>
        )}
      </div>
      <div role="status">
        {copied === false && <Trans>This browser does not copy by itself: hold the link with a finger.</Trans>}
      </div>
      {isLocal(link) && (
        <Notice look="soon">
          <p>
            <Trans>
              Only this computer reaches this link. End its program, start it with <code>bolao start</code> and without{" "}
              <code>--here</code>, then make another link. If friends come by a name or through a router, add{" "}
              <code>--advertise HOST</code>.
            </Trans>
          </p>
        </Notice>
      )}
      <p className={styles.soft}>
        <Trans>Whoever has the link may join. It cannot be called back, so give it to your friends alone.</Trans>
      </p>
    </div>
  );
}
