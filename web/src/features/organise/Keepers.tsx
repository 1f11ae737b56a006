import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Sheet } from "../../design/Sheet";
import { Refusal } from "../../identity/sending/Refusal";
import type { Snapshot } from "../../identity/assent/onChain";
import { appointment, offer, seat, signatures } from "../../identity/assent/reported";
import { useFixed } from "../../keys/useOpened";
import { useOffice } from "../../identity/sending/useSend";
import type { Shapes } from "../../node/client";
import { mayBeOff, mustBeOn } from "../../node/quorum";
import { namesOf } from "../../words/Names";
import { nameOf } from "./me";
import styles from "./Organise.module.css";
import { signedBy } from "./outcome";
import { Signers } from "./ToSign";

type Seat = Shapes["ValidatorBody"];

/** The weight that all keepers have, for the next one; `undefined` where they differ. */
function usualWeight({ validators }: Shapes["ValidatorsBody"]): number | undefined {
  const [first, ...others] = validators;
  return others.every(({ weight }) => weight === first?.weight) ? first?.weight : undefined;
}

/** All keepers, once a seat is as it is to be. */
const withSeat = ({ validators }: Shapes["ValidatorsBody"], seat: Seat): Seat[] =>
  [...validators.filter(({ key }) => key !== seat.key), seat].filter(({ weight }) => weight > 0);

/** Whose computers must be on once a seat is as it is to be, and what it means that one is not. */
function Then({ body, seat }: { body: Shapes["ValidatorsBody"]; seat: Seat }) {
  const { consensus } = useFixed();
  const keepers = withSeat(body, seat);
  const own = seat.weight;
  const all = keepers.reduce((sum, { weight }) => sum + weight, 0);
  const needed = mustBeOn(keepers);
  const [count, few, off] = [keepers.length, needed.length, mayBeOff(keepers)];
  const names = namesOf(needed.map(({ validator }) => validator));
  const goesOn = consensus === "hybrid";
  return (
    <>
      {own > 0 && (
        <p className={styles.soft}>
          <Plural value={own} one={`It has # vote of ${all}.`} other={`It has # votes of ${all}.`} />
        </p>
      )}
      <p>
        {few === 0 ? (
          <Plural
            value={off}
            one={`Then any one of ${count} keepers may be off.`}
            other={`Then any # of ${count} keepers may be off.`}
          />
        ) : few < count || count === 1 ? (
          <Plural
            value={few}
            one={`Then the computer of ${names} must be on.`}
            other={`Then the computers of ${names} must all be on.`}
          />
        ) : (
          <Plural
            value={count}
            _2="Then both computers that keep the book must be on."
            other="Then all # computers that keep the book must be on."
          />
        )}{" "}
        {few > 0 && !goesOn ? (
          <Plural
            value={few}
            one="While it is off, nothing gets into the book: no tip, no result, no change of keepers."
            other="While one of them is off, nothing gets into the book: no tip, no result, no change of keepers."
          />
        ) : few > 0 ? (
          <Plural
            value={few}
            one="While it is off, nothing is stamped, and keepers do not change."
            other="While one of them is off, nothing is stamped, and keepers do not change."
          />
        ) : goesOn ? (
          <Trans>While more are off, it may be that nothing is stamped.</Trans>
        ) : (
          <Trans>While more are off, the book may stand still.</Trans>
        )}
      </p>
    </>
  );
}

/** Whose computers keep the book, who has offered to, and who is to. */
export function Keepers({ body, account }: { body: Shapes["ValidatorsBody"]; account: string }) {
  const sending = useOffice();
  const [asked, setAsked] = useState<{ seat: Seat; seen: Snapshot[] }>();
  const needed = body.change?.by === "appointed" ? body.change.signatures_needed : 0;
  const sign = (of: Seat, seen: Snapshot[]): void =>
    sending.mutate({ act: appointment(of), seen }, { onSuccess: () => setAsked(undefined) });
  const name = asked === undefined ? "" : nameOf(asked.seat.validator);
  const offers = body.offers ?? [];
  const usual = usualWeight(body);
  return (
    <>
      <p className={styles.soft}>
        <Trans>
          Their computers write and stamp the book. With four of them nobody alone can leave out or delay a tip, and it
          goes on while one is off.
        </Trans>
      </p>
      <ul className={styles.rows}>
        {body.validators.map((keeper) => (
          <li key={keeper.key} className={styles.card}>
            <div className={styles.line}>
              <span>
                <strong>{nameOf(keeper.validator)}</strong>{" "}
                {keeper.away === true && (
                  <span className={styles.soon}>
                    <Trans>is away</Trans>
                  </span>
                )}
              </span>
              {needed > 0 && body.validators.length > 1 && (
                <Button look="quiet" onPress={() => setAsked({ seat: { ...keeper, weight: 0 }, seen: [seat(keeper)] })}>
                  <Trans>Remove</Trans>
                </Button>
              )}
            </div>
          </li>
        ))}
        {body.waiting.map((waiting) => {
          const who = nameOf(waiting.validator);
          return (
            <li key={`${waiting.key}/${waiting.weight}`} className={styles.card}>
              <p>
                {waiting.weight > 0 ? (
                  <Trans>{who} is to keep the book, too.</Trans>
                ) : (
                  <Trans>{who} is not to keep the book any more.</Trans>
                )}
              </p>
              <Then body={body} seat={waiting} />
              <Signers vote={waiting} />
              {!signedBy(waiting.signers, account) && (
                <div className={styles.doing}>
                  <Button
                    look="main"
                    isDisabled={sending.isPending}
                    onPress={() =>
                      sign(waiting, [
                        ...signatures(appointment(waiting), waiting.signers),
                        ...body.validators.map(seat),
                      ])
                    }
                  >
                    <Trans>Sign the same</Trans>
                  </Button>
                </div>
              )}
            </li>
          );
        })}
        {needed > 0 &&
          offers.map(({ player, key }) => {
            const who = nameOf(player);
            return (
              <li key={key} className={styles.card}>
                <div className={styles.line}>
                  <span>
                    <Trans>
                      <strong>{who}</strong> offers to
                    </Trans>
                  </span>
                  {usual !== undefined && (
                    <Button
                      onPress={() =>
                        setAsked({
                          seat: { validator: player, key, weight: usual },
                          seen: [offer(player, key), ...body.validators.map(seat)],
                        })
                      }
                    >
                      <Trans>Accept</Trans>
                    </Button>
                  )}
                </div>
              </li>
            );
          })}
      </ul>
      {needed > 0 && offers.length > 0 && usual === undefined && (
        <p className={styles.soft}>
          <Trans>
            Keepers have different numbers of votes here, so the next one’s is for the command line to say:{" "}
            <code>bolao validators appoint NAME --weight N</code>
          </Trans>
        </p>
      )}
      {needed > 0 && offers.length === 0 && (
        <p className={styles.soft}>
          <Trans>
            Nobody else offers to. A friend does so by running the program on a computer of their own (
            <code>bolao join</code>, then <code>bolao run</code>): it offers by itself.
          </Trans>
        </p>
      )}
      {needed === 0 && (
        <p className={styles.soft}>
          <Trans>Here nobody is appointed: whoever locks chips for it keeps the book (the command line does it).</Trans>
        </p>
      )}
      <Sheet title={name} open={asked !== undefined} close={() => setAsked(undefined)}>
        {asked !== undefined && (
          <div className={styles.form}>
            {asked.seat.weight === 0 && (
              <p>
                <Trans>{name}’s computer will not be waited for any more.</Trans>
              </p>
            )}
            <Then body={body} seat={asked.seat} />
            {needed > 1 && (
              <p className={styles.soft}>
                <Plural value={needed} one="# organiser must sign it." other="# organisers must sign the same." />
              </p>
            )}
            <Refusal error={sending.error} />
            <Button
              look={asked.seat.weight > 0 ? "main" : "danger"}
              wide
              isDisabled={sending.isPending}
              onPress={() => sign(asked.seat, asked.seen)}
            >
              <Trans>Sign it</Trans>
            </Button>
          </div>
        )}
      </Sheet>
    </>
  );
}
