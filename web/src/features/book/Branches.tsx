import { Plural, Trans, useLingui } from "@lingui/react/macro";

import { According } from "../../design/According";
import { Details } from "../../design/Details";
import { Unread } from "../../design/Unread";
import { $node } from "../../node/client";
import { useNow } from "../../node/clock";
import { useFixed } from "../../keys/useOpened";
import { Link } from "../../route";
import { Names } from "../../words/Names";
import { moment, seconds } from "../../words/time";
import styles from "./Book.module.css";
import { drawing, DRAWN, LEFT, type Branches as Body } from "./branches";

/** What decides which branch counts. */
function Decided({ body }: { body: Body }) {
  const { consensus } = useFixed();
  const { last_final, stamp } = body;
  if (last_final != null && stamp != null)
    return (
      <Trans>
        Block {last_final} was confirmed by <Names players={stamp.signers} />, so no branch from below it can win.
      </Trans>
    );
  if (consensus === "pow")
    return <Trans>Blocks are not confirmed in this pool: the branch with the most work counts.</Trans>;
  return <Trans>No block is confirmed yet.</Trans>;
}

function Tree({ body }: { body: Body }) {
  const { t } = useLingui();
  const { width, height, rows, dots, lines } = drawing(body);
  const [pages, count] = [body.tip.height, body.branches.length + body.left_out];
  return (
    <svg
      className={styles.tree}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={t`The chain up to block ${pages}, and branches beside it: ${count}`}
    >
      {rows.map((row) => (
        <text key={row.height} x={LEFT - 24} y={row.y} dominantBaseline="central">
          {row.height}
        </text>
      ))}
      {lines.map(({ from, to, column, gap }) => (
        <path
          key={`${column} ${to.y}`}
          data-book={column === 0 || undefined}
          strokeDasharray={gap ? "3 5" : undefined}
          d={`M${from.x} ${from.y}C${from.x} ${(from.y + to.y) / 2} ${to.x} ${(from.y + to.y) / 2} ${to.x} ${to.y}`}
        />
      ))}
      {dots.map(({ x, y, column, stamped }) => (
        <g key={`${column} ${y}`} transform={`translate(${x} ${y})`}>
          <circle r={column === 0 ? 10 : 8} data-book={column === 0 || undefined} data-stamped={stamped || undefined} />
          {stamped && <path data-tick d="M-4.5 0.5 -1.5 3.5 4.5 -3.5" />}
        </g>
      ))}
    </svg>
  );
}

/** The branches that this pool's computer knows beside the chain. */
export function Branches() {
  const now_s = useNow(60);
  const branches = $node.useQuery("get", "/api/v1/branches");
  if (branches.isError || branches.data === undefined) return <Unread of={[branches]} rows={1} height={24} />;
  const body = branches.data;
  const count = body.branches.length + body.left_out;
  if (count === 0)
    return (
      <According>
        <p>
          <Trans>The pool’s computer knows of no other branch.</Trans>
        </p>
      </According>
    );
  const rest = count - Math.min(DRAWN, body.branches.length);
  return (
    <According>
      <figure className={styles.branches}>
        <Tree body={body} />
        <figcaption>
          <Plural
            value={count}
            one="# branch beside the main chain: blocks made at the same time, or left behind."
            other="# branches beside the main chain: blocks made at the same time, or left behind."
          />{" "}
          {rest > 0 && <Plural value={rest} one="# of them is not drawn." other="# of them are not drawn." />}{" "}
          <Decided body={body} />
        </figcaption>
        <Details title={<Trans>Each branch</Trans>}>
          <ul className={styles.peers}>
            {body.branches.map(({ blocks: [last], length: pages, from }) => {
              if (last === undefined) return null;
              const { height } = from;
              return (
                <li key={last.hash}>
                  <Link to="/book/:block" params={{ block: last.hash }}>
                    <Plural value={pages} one={`# block on block ${height}`} other={`# blocks on block ${height}`} />
                  </Link>
                  <span className={styles.soft}>{moment(seconds(last.time), now_s)}</span>
                </li>
              );
            })}
          </ul>
        </Details>
      </figure>
    </According>
  );
}
