import { Trans } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";

import type { Shapes } from "../node/client";
import { isLocal } from "../node/reach";
import { Button } from "./Button";
import { Card, Section } from "./Card";
import { ComputerIcon, GlobeIcon, TickIcon, WifiIcon } from "./icons";
import styles from "./Opens.module.css";
import { Sheet } from "./Sheet";
import silent from "./Silent.module.css";

interface RowProps {
  icon: ReactNode;
  title: ReactNode;
  says: ReactNode;
  /** Whether they can. */
  can?: boolean;
  children?: ReactNode;
}

const Row = ({ icon, title, says, can = false, children }: RowProps) => (
  <li className={styles.row} data-can={can || undefined}>
    {icon}
    <div className={styles.says}>
      <strong>{title}</strong>
      <p>{says}</p>
    </div>
    {can && (
      <span className={styles.tick}>
        <TickIcon size={22} />
        <span className={silent.silent}>
          <Trans>They can open it</Trans>
        </span>
      </span>
    )}
    {children}
  </li>
);

/** How a link comes to open everywhere. */
function Ways() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="well" onPress={() => setOpen(true)}>
        <Trans>Show me</Trans>
      </Button>
      <Sheet title={<Trans>Let everyone open it</Trans>} open={open} close={() => setOpen(false)}>
        <p>
          <Trans>End the program on this computer, start it in one of these two ways, then make another link.</Trans>
        </p>
        <ol className={styles.ways}>
          <li>
            <Trans>
              A friend who runs a relay gives you a token: <code>bolao start --relay TOKEN</code>
            </Trans>
          </li>
          <li>
            <Trans>
              You have a server with a name: <code>bolao start --domain NAME</code>, on that server
            </Trans>
          </li>
        </ol>
      </Sheet>
    </>
  );
}

const Lan = () => (
  <>
    <Row
      can
      icon={<WifiIcon />}
      title={<Trans>Phones in this Wi-Fi</Trans>}
      says={<Trans>Any device in this computer’s network, and only there. The connection isn’t encrypted.</Trans>}
    />
    <Row
      icon={<GlobeIcon />}
      title={<Trans>Everyone else: not yet</Trans>}
      says={
        <Trans>
          At work or on mobile data the link won’t open. There are two ways to a link that opens everywhere, encrypted.
        </Trans>
      }
    >
      <Ways />
    </Row>
  </>
);

/** What the node knows of who can open a link. */
function Rows({ link, reach }: { link: string; reach: Shapes["Reach"] | undefined }) {
  if (isLocal(link))
    return (
      <Row
        icon={<ComputerIcon />}
        title={<Trans>Only this computer</Trans>}
        says={
          <Trans>
            Start the program with <code>bolao start</code>, without <code>--here</code>, then make another link.
          </Trans>
        }
      />
    );
  switch (reach) {
    case "everywhere":
    case "by_relay":
      return (
        <Row
          can
          icon={<GlobeIcon />}
          title={<Trans>Everyone, everywhere</Trans>}
          says={
            reach === "by_relay" ? (
              <Trans>It opens through the relay.</Trans>
            ) : (
              <Trans>Somebody elsewhere has opened it recently.</Trans>
            )
          }
        />
      );
    case "lan":
      return <Lan />;
    case "this_machine":
    case "unknown":
      return (
        <Row
          icon={<GlobeIcon />}
          title={<Trans>Not known yet</Trans>}
          says={<Trans>Nobody elsewhere has opened it so far. Try it on a phone without Wi-Fi first.</Trans>}
        />
      );
    case undefined:
      return <Row icon={<GlobeIcon />} title={<>&nbsp;</>} says={<Trans>The pool’s program is starting …</Trans>} />;
  }
}

/** Who can open a link, and the way where too few can. */
export const Opens = (props: { link: string; reach: Shapes["Reach"] | undefined }) => (
  <Section title={<Trans>Who can open it</Trans>}>
    <Card>
      <ul>
        <Rows {...props} />
      </ul>
    </Card>
  </Section>
);
