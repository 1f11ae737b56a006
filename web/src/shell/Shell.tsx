import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, type ReactNode } from "react";

import { Alarm } from "../checking/Alarm";
import { meet } from "../design/people";
import { Waiting } from "../design/Skeleton";
import { useStore } from "../device/store";
import { usePromised } from "../identity/asking/promised";
import { Unlock } from "../identity/entry/Unlock";
import { Sender } from "../identity/sending/Sender";
import { useDeliver } from "../identity/shares/deliver";
import { useOpenOwn } from "../identity/shares/openOwn";
import { rememberPool } from "../keys/joined";
import { usePlayerHere } from "../keys/player";
import { useTellTime } from "../keys/tellTime";
import { outside } from "../node/outside";
import { poolOptions, useJoined, usePlayers } from "../node/queries";
import { Away } from "./Away";
import { Acts } from "../identity/assent/Acts";
import { Objected } from "./Objected";
import { KickOffWatch } from "./KickOffWatch";
import { NewVersion } from "./NewVersion";
import { Elsewhere } from "./Elsewhere";
import { Places } from "./Places";
import { PlayersOnly } from "./PlayersOnly";
import styles from "./Shell.module.css";
import { Standstill } from "./Standstill";
import { Unsent } from "./Unsent";
import { Untold } from "./Untold";

/** Places that show nothing but themselves. */
const ALONE = ["/join", "/move", "/left", "/start", "/classic"];
/** Those of them that everybody may see where only players may look at the pool. */
const OPEN = ["/join", "/move", "/left"];
/** Those of them that fill the screen. */
const STAGE = /^\/match\/[^/]+\/show$/;

/** So many have letters of their own; discs of more are too small to be told apart. */
const MOST_FACES = 60;

/** What goes on in the background while somebody plays on this device. */
function Background() {
  const { data: pool } = useQuery(poolOptions());
  const id = pool?.id ?? "";
  const name = pool?.name;
  useEffect(() => {
    if (name !== undefined) document.title = name;
  }, [name]);
  const { data: players } = usePlayers((pool?.totals.players ?? Infinity) <= MOST_FACES);
  useEffect(() => {
    if (players !== undefined) meet(players);
  }, [players]);
  const account = usePlayerHere(id)?.account;
  useEffect(() => {
    if (account !== undefined && name !== undefined) rememberPool(id, name);
  }, [id, account, name]);
  const sealing = pool?.tips === "sealed" ? account : undefined;
  useOpenOwn(id, sealing);
  useDeliver(id, sealing);
  usePromised(id, account !== undefined);
  useTellTime(id, useJoined(account) === true);
  return (
    <>
      <Unlock />
      {account !== undefined && <Untold pool={id} account={account} />}
    </>
  );
}

/** What every place of a pool has around it; before there is a pool, nothing. */
function Around({ path, alone, children }: { path: string; alone: boolean; children: ReactNode }) {
  if (path.startsWith("/start")) return children;
  return (
    <Sender>
      <Background />
      <Alarm />
      {!alone && <Elsewhere />}
      {!alone && <Standstill />}
      {!alone && <Objected />}
      {!alone && <Acts />}
      {path !== "/" && <Unsent />}
      <KickOffWatch path={path} />
      {children}
    </Sender>
  );
}

/** What stands around every place. `path`: where it is. */
export function Shell({ path, children }: { path: string; children: ReactNode }) {
  const stage = STAGE.test(path);
  const open = OPEN.includes(path);
  const refused = useStore(outside) && !open;
  const alone = stage || refused || ALONE.includes(path);
  return (
    <div className={styles.shell} data-alone={alone || undefined} data-stage={stage || undefined}>
      <a className={styles.skip} href="#main">
        <Trans>Skip to the content</Trans>
      </a>
      {!alone && <Places />}
      <div className={styles.body}>
        <Away />
        <NewVersion />
        <Around {...{ path, alone }}>
          <main id="main" className={styles.main} tabIndex={-1}>
            <Suspense fallback={<Waiting />}>
              {path.startsWith("/start") ? children : <PlayersOnly always={open}>{children}</PlayersOnly>}
            </Suspense>
          </main>
        </Around>
      </div>
    </div>
  );
}
