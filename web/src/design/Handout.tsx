import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";

import type { Shapes } from "../node/client";
import { isLocal } from "../node/reach";
import { Button } from "./Button";
import { copy } from "./copy";
import styles from "./Handout.module.css";
import { Notice } from "./Notice";
import { Qr } from "./Qr";

/** Who can open a link, as far as the node knows, and what to do where too few can. */
function Opens({ link, reach }: { link: string; reach: Shapes["Reach"] | undefined }) {
  if (isLocal(link)) {
    return (
      <Notice look="soon">
        <p>
          <Trans>
            Only this computer opens this link. End its program, start it with <code>bolao start</code> and without{" "}
            <code>--here</code>, then make another link.
          </Trans>
        </p>
      </Notice>
    );
  }
  switch (reach) {
    case "everywhere":
    case "by_relay":
      return (
        <p>
          <Trans>This link opens everywhere.</Trans>
        </p>
      );
    case "lan":
      return (
        <Notice look="soon">
          <p>
            <Trans>
              This link opens in your network only, not on a phone elsewhere. Two starts make one that opens everywhere:{" "}
              <code>bolao start --relay TOKEN</code>, with a token from a friend who runs a relay, or{" "}
              <code>bolao start --domain NAME</code> on a server with a name.
            </Trans>
          </p>
        </Notice>
      );
    case "this_machine":
    case "unknown":
    case undefined:
      return (
        <p className={styles.soft}>
          <Trans>Try it on a phone without Wi-Fi first: nobody elsewhere has opened it yet.</Trans>
        </p>
      );
  }
}

/** A link to be given to friends: as a QR code, to be copied, to be shared. */
export function Handout({ link, reach }: { link: string; reach: Shapes["Reach"] | undefined }) {
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
      <Opens link={link} reach={reach} />
      <p className={styles.soft}>
        <Trans>Whoever has the link may join. It cannot be called back, so give it to your friends alone.</Trans>
      </p>
    </div>
  );
}
