import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { According } from "../../../design/According";
import { Button } from "../../../design/Button";
import { Card } from "../../../design/Card";
import { Person } from "../../../design/people/Person";
import { Sheet } from "../../../design/Sheet";
import { Refusal } from "../../../identity/sending/Refusal";
import type { Snapshot } from "../../../identity/assent/onChain";
import { appointment, offer, seat, signatures } from "../../../identity/assent/reported";
import { useOffice } from "../../../identity/sending/useSend";
import type { Shapes } from "../../../node/client";
import { useAttendance } from "../../../node/queries";
import { Moment } from "../../../words/Moment";
import { namesOf } from "../../../words/Names";
import { seconds, span } from "../../../words/time";
import { nameOf } from "../me";
import styles from "../Organise.module.css";
import { Vote } from "../Vote";
import { Then } from "./Then";

type Seat = Shapes["ValidatorBody"];

/** The weight that all validators have, for the next one; `undefined` where they differ. */
function usualWeight({ validators }: Shapes["ValidatorsBody"]): number | undefined {
  const [first, ...others] = validators;
  return others.every(({ weight }) => weight === first?.weight) ? first?.weight : undefined;
}

/** Whose computers are to be validators, or no more, and when that is so. */
function Coming({ body }: { body: Shapes["ValidatorsBody"] }) {
  const [first] = body.coming ?? [];
  if (first === undefined) return null;
  const becomes = namesOf((body.coming ?? []).filter(({ weight }) => weight > 0).map(({ validator }) => validator));
  const leaves = namesOf((body.coming ?? []).filter(({ weight }) => weight === 0).map(({ validator }) => validator));
  return (
    <p className={styles.soon}>
      <Trans>
        Validators change <Moment at_s={seconds(first.at)} />.
      </Trans>{" "}
      {becomes !== "" && <Trans>New, or with another weight: {becomes}.</Trans>}{" "}
      {leaves !== "" && <Trans>Leaving: {leaves}.</Trans>}
    </p>
  );
}

/** When a change takes effect, where that is not at once. */
function Later({ body, seat }: { body: Shapes["ValidatorsBody"]; seat: Seat }) {
  const notice_s = body.notice_s ?? 0;
  const votes = body.validators.some(({ validator }) => validator.account === seat.validator.account);
  const quick = !votes && seat.weight > 0 && seat.weight <= (body.at_once ?? 0);
  if (notice_s === 0 || quick) return null;
  const time = span(notice_s);
  return (
    <p className={styles.soft}>
      <Trans>
        It takes effect {time} after it is confirmed, together with all other changes of validators. Everyone is told
        right away.
      </Trans>
    </p>
  );
}

/** Whose computers are validators, who has offered theirs, and whose are to be. */
export function Validators({ body, account }: { body: Shapes["ValidatorsBody"]; account: string }) {
  const sending = useOffice();
  const attendance = useAttendance();
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
          Validators are the computers that confirm tips and results together. With four or more, no single one can
          leave out or delay a tip.
        </Trans>
      </p>
      <Card>
        <ul>
          {body.validators.map((validator) => (
            <Person
              key={validator.key}
              who={validator.validator}
              own={validator.validator.account === account}
              says={
                attendance.get(validator.validator.account)?.away === true && (
                  <According line>
                    <span className={styles.soon}>
                      <Trans>offline</Trans>
                    </span>
                  </According>
                )
              }
            >
              {needed > 0 && body.validators.length > 1 && (
                <Button
                  look="quiet"
                  onPress={() => setAsked({ seat: { ...validator, weight: 0 }, seen: [seat(validator)] })}
                >
                  <Trans>Remove</Trans>
                </Button>
              )}
            </Person>
          ))}
          {needed > 0 &&
            offers.map(({ player, key }) => (
              <Person key={key} who={player} says={<Trans>offers a computer</Trans>}>
                {usual !== undefined && (
                  <Button
                    look="quiet"
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
              </Person>
            ))}
        </ul>
      </Card>
      <Coming body={body} />
      <ul className={styles.rows}>
        {body.waiting.map((waiting) => {
          const who = nameOf(waiting.validator);
          return (
            <Vote
              key={`${waiting.key}/${waiting.weight}`}
              vote={waiting}
              account={account}
              office={{
                act: appointment(waiting),
                seen: [...signatures(appointment(waiting), waiting.signers), ...body.validators.map(seat)],
              }}
            >
              <p className={styles.what}>
                {waiting.weight > 0 ? (
                  <Trans>Make {who} a validator</Trans>
                ) : (
                  <Trans>Remove {who} as a validator</Trans>
                )}
              </p>
              <Then body={body} seat={waiting} />
            </Vote>
          );
        })}
      </ul>
      {needed > 0 && offers.length > 0 && usual === undefined && (
        <p className={styles.soft}>
          <Trans>
            Validators have different numbers of votes here, so add the next one on the command line:{" "}
            <code>bolao validators appoint NAME --weight N</code>
          </Trans>
        </p>
      )}
      {needed > 0 && offers.length === 0 && (
        <p className={styles.soft}>
          <Trans>
            No one else has volunteered yet. Friends who run Bolao on their own computer (<code>bolao join</code>, then{" "}
            <code>bolao run</code>) volunteer automatically.
          </Trans>
        </p>
      )}
      {needed === 0 && (
        <p className={styles.soft}>
          <Trans>In this pool, players become validators by locking chips on the command line.</Trans>
        </p>
      )}
      <Sheet title={name} open={asked !== undefined} close={() => setAsked(undefined)}>
        {asked !== undefined && (
          <div className={styles.form}>
            {asked.seat.weight === 0 && (
              <p>
                <Trans>The pool won’t wait for {name}’s computer any more.</Trans>
              </p>
            )}
            <Then body={body} seat={asked.seat} />
            <Later body={body} seat={asked.seat} />
            {needed > 1 && (
              <p className={styles.soft}>
                <Plural value={needed} one="# organiser must confirm it." other="# organisers must confirm it." />
              </p>
            )}
            <Refusal error={sending.error} />
            <Button
              look={asked.seat.weight > 0 ? "main" : "danger"}
              wide
              isDisabled={sending.isPending}
              onPress={() => sign(asked.seat, asked.seen)}
            >
              {asked.seat.weight > 0 ? <Trans>Add as a validator</Trans> : <Trans>Remove</Trans>}
            </Button>
          </div>
        )}
      </Sheet>
    </>
  );
}
