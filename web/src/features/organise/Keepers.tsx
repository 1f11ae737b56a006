import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Sheet } from "../../design/Sheet";
import { person } from "../../identity/inBook";
import { Refusal } from "../../identity/Refusal";
import { useSend } from "../../identity/useSend";
import type { Shapes } from "../../node/client";
import { nameOf } from "./me";
import styles from "./Organise.module.css";
import { signedBy } from "./outcome";
import { Signers } from "./ToSign";

type Seat = Shapes["ValidatorBody"];

/** The weight that all keepers have, for the next one; that of the first, where they differ. */
const usualWeight = (body: Shapes["ValidatorsBody"]): number => body.validators[0]?.weight ?? 1;

/** Whose computers keep the book, who has offered to, and who is to. */
export function Keepers({ body, account }: { body: Shapes["ValidatorsBody"]; account: string }) {
  const sending = useSend();
  const [asked, setAsked] = useState<Seat>();
  const needed = body.change?.by === "appointed" ? body.change.signatures_needed : 0;
  const sign = ({ validator, key, weight }: Seat): void =>
    sending.mutate(
      {
        act: { type: "appoint", validator: { account: validator.account, key, weight } },
        seen: [person(validator, key)],
      },
      { onSuccess: () => setAsked(undefined) },
    );
  const name = asked === undefined ? "" : nameOf(asked.validator);
  const offers = body.offers ?? [];
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
                <Button look="quiet" onPress={() => setAsked({ ...keeper, weight: 0 })}>
                  <Trans>Remove</Trans>
                </Button>
              )}
            </div>
          </li>
        ))}
        {body.waiting.map((seat) => {
          const who = nameOf(seat.validator);
          return (
            <li key={`${seat.key}/${seat.weight}`} className={styles.card}>
              <p>
                {seat.weight > 0 ? (
                  <Trans>{who} is to keep the book, too.</Trans>
                ) : (
                  <Trans>{who} is not to keep the book any more.</Trans>
                )}
              </p>
              <Signers vote={seat} />
              {!signedBy(seat.signers, account) && (
                <div className={styles.doing}>
                  <Button look="main" isDisabled={sending.isPending} onPress={() => sign(seat)}>
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
                  <Button onPress={() => setAsked({ validator: player, key, weight: usualWeight(body) })}>
                    <Trans>Accept</Trans>
                  </Button>
                </div>
              </li>
            );
          })}
      </ul>
      {needed > 0 && offers.length === 0 && (
        <p className={styles.soft}>
          <Trans>
            Nobody else offers to. A friend does so by running the program on an own computer (<code>bolao join</code>,
            then <code>bolao run</code>): it offers by itself.
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
            <p>
              {asked.weight > 0 ? (
                <Trans>
                  The book then waits for more than two thirds of its keepers, so {name}’s computer should be on often.
                </Trans>
              ) : (
                <Trans>{name}’s computer will not be waited for any more.</Trans>
              )}
            </p>
            {needed > 1 && (
              <p className={styles.soft}>
                <Plural value={needed} one="# organiser must sign it." other="# organisers must sign the same." />
              </p>
            )}
            <Refusal error={sending.error} />
            <Button
              look={asked.weight > 0 ? "main" : "danger"}
              wide
              isDisabled={sending.isPending}
              onPress={() => sign(asked)}
            >
              <Trans>Sign it</Trans>
            </Button>
          </div>
        )}
      </Sheet>
    </>
  );
}
