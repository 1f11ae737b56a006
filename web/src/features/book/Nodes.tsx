import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { node, type Shapes } from "../../node/client";
import { everyPage } from "../../node/pages";
import { useStatus } from "../../node/queries";
import styles from "./Book.module.css";
import { circle } from "./circle";

const usePeers = () =>
  useQuery({
    queryKey: ["get", "/api/v1/peers"],
    queryFn: ({ signal }) =>
      everyPage<Shapes["PeerBody"]>((cursor) =>
        node.GET("/api/v1/peers", { signal, params: { query: { limit: 500, ...(cursor && { cursor }) } } }),
      ),
  });

const WIDTH = 340;
const HEIGHT = 220;
const DRAWN = 24;

/** How far another computer's book is, against this one's. */
function Behind({ peer, height }: { peer: Shapes["PeerBody"]; height: number }) {
  const behind = height - (peer.tip?.height ?? 0);
  if (peer.tip == null || behind < 0) return <Trans>catching up</Trans>;
  if (behind <= 1) return <Trans>same block</Trans>;
  return <Plural value={behind} one="# block behind" other="# blocks behind" />;
}

/** The computer that this page comes from, and those that it talks with. */
export function Nodes() {
  const { t } = useLingui();
  const peers = usePeers();
  const status = useStatus();
  if (peers.isError) return <Failure error={peers.error} again={() => void peers.refetch()} />;
  if (peers.data === undefined || status.data === undefined) return <Skeleton rows={1} height={HEIGHT + 24} />;
  const { height } = status.data.tip;
  const shown = peers.data.slice(0, DRAWN);
  const places = circle(shown.length, WIDTH, HEIGHT, 28);
  const count = peers.data.length;
  return (
    <figure className={styles.nodes}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t`This computer in the middle, ${count} around it`}
      >
        {places.map(({ x, y }, index) => {
          const peer = shown[index];
          const same = peer?.tip != null && Math.abs(height - peer.tip.height) <= 1;
          return (
            <g key={peer?.id} data-same={same || undefined} className={styles.peer}>
              <line x1={WIDTH / 2} y1={HEIGHT / 2} x2={x} y2={y} />
              <circle cx={x} cy={y} r={9} />
            </g>
          );
        })}
        <g className={styles.here}>
          <circle cx={WIDTH / 2} cy={HEIGHT / 2} r={16} />
          <text x={WIDTH / 2} y={HEIGHT / 2 + 36}>
            <Trans>this computer</Trans>
          </text>
        </g>
      </svg>
      <figcaption className={styles.soft}>
        {count === 0 ? (
          <Trans>The pool’s computer is not connected to any other right now.</Trans>
        ) : (
          <Plural
            value={count}
            one="The pool’s computer is connected to # other."
            other="The pool’s computer is connected to # others."
          />
        )}
      </figcaption>
      {count > 0 && (
        <details>
          <summary>
            <Trans>Each of them</Trans>
          </summary>
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
        </details>
      )}
    </figure>
  );
}
