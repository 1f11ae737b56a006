import { Plural } from "@lingui/react/macro";

import { ClockIcon } from "../../design/icons";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import styles from "./Standings.module.css";

/** That results are in doubt, and with them the points; leads to the first of them. */
export function Contested({ of }: { of: readonly Shapes["MatchBody"][] }) {
  const [first] = of;
  if (first === undefined) return null;
  return (
    <Link to="/match/:code" params={{ code: first.code }} className={styles.contested}>
      <ClockIcon size={16} />
      <span>
        <Plural
          value={of.length}
          one="# result is disputed, points may change"
          other="# results are disputed, points may change"
        />
      </span>
    </Link>
  );
}
