import { Plural, Trans } from "@lingui/react/macro";

import { useFixed } from "../../../keys/useOpened";
import type { Shapes } from "../../../node/client";
import { mayBeOff, mustBeOn } from "../../../node/quorum";
import { namesOf } from "../../../words/Names";
import styles from "../Organise.module.css";

type Seat = Shapes["ValidatorBody"];

/** All validators, once a seat is as it is to be. */
const withSeat = ({ validators }: Shapes["ValidatorsBody"], seat: Seat): Seat[] =>
  [...validators.filter(({ key }) => key !== seat.key), seat].filter(({ weight }) => weight > 0);

/** Whose computers must be on once a seat is as it is to be, and what it means that one is not. */
export function Then({ body, seat }: { body: Shapes["ValidatorsBody"]; seat: Seat }) {
  const { consensus } = useFixed();
  const validators = withSeat(body, seat);
  const own = seat.weight;
  const all = validators.reduce((sum, { weight }) => sum + weight, 0);
  const needed = mustBeOn(validators);
  const [count, few, off] = [validators.length, needed.length, mayBeOff(validators)];
  const names = namesOf(needed.map(({ validator }) => validator));
  const goesOn = consensus === "hybrid";
  return (
    <>
      {own > 0 && (
        <p className={styles.soft}>
          <Plural value={own} one={`It has # of ${all} votes.`} other={`It has # of ${all} votes.`} />
        </p>
      )}
      <p>
        {few === 0 ? (
          <Plural
            value={off}
            one={`Then any one of the ${count} validators can be off.`}
            other={`Then any # of the ${count} validators can be off.`}
          />
        ) : few < count || count === 1 ? (
          <Plural
            value={few}
            one={`Then ${names}’s computer must stay on.`}
            other={`Then the computers of ${names} must all stay on.`}
          />
        ) : (
          <Plural
            value={count}
            _2="Then both validators’ computers must stay on."
            other="Then all # validators’ computers must stay on."
          />
        )}{" "}
        {few > 0 && !goesOn ? (
          <Plural
            value={few}
            one="While it is off, nothing is confirmed: no tips, no results, no change of validators."
            other="While one of them is off, nothing is confirmed: no tips, no results, no change of validators."
          />
        ) : few > 0 ? (
          <Plural
            value={few}
            one="While it is off, nothing becomes final and validators can’t change."
            other="While one of them is off, nothing becomes final and validators can’t change."
          />
        ) : goesOn ? (
          <Trans>If more are off, nothing may become final.</Trans>
        ) : (
          <Trans>If more are off, the pool may stop until they are back.</Trans>
        )}
      </p>
    </>
  );
}
