import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { According } from "../../design/According";
import { Details } from "../../design/Details";
import { Unread } from "../../design/Unread";
import { node, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import { useStatus } from "../../node/queries";
import styles from "./Book.module.css";

const usePeers = () =>
  useQuery({
    queryKey: ["get", "/api/v1/peers"],
    queryFn: ({ signal }) => everyPage((query) => node.GET("/api/v1/peers", { signal, params: { query } })),
  });

/** How far another computer is, against this one's. */
function Behind({ peer, height }: { peer: Shapes["PeerBody"]; height: number }) {
  const behind = height - (peer.tip?.height ?? 0);
  if (peer.tip == null || behind < 0) return <Trans>catching up</Trans>;
  if (behind <= 1) return <Trans>same block</Trans>;
  return <Plural value={behind} one="# block behind" other="# blocks behind" />;
}

/** Those that the pool's computer talks with. */
export function Nodes() {
  const peers = usePeers();
  const status = useStatus();
  if (peers.isError || peers.data === undefined || status.data === undefined)
    return <Unread of={[peers]} rows={1} height={24} />;
  const { height } = status.data.tip;
  const count = peers.data.length;
  if (count === 0)
    return (
      <According>
        <p>
          <Trans>The pool’s computer is not connected to any other right now.</Trans>
        </p>
      </According>
    );
  return (
    <According>
      <p>
        <Plural
          value={count}
          one="The pool’s computer is connected to # other."
          other="The pool’s computer is connected to # others."
        />
      </p>
      <Details title={<Trans>Each of them</Trans>}>
        <ul className={styles.peers}>
          {peers.data.map((peer) => (
            <li key={peer.id}>
              <span>{peer.address}</span>
              <span className={styles.soft}>
                <Behind peer={peer} height={height} />
                {" · "}
                {peer.agent}
              </span>
            </li>
          ))}
        </ul>
      </Details>
    </According>
  );
}
