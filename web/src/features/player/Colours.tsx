import { Trans, useLingui } from "@lingui/react/macro";
import { useState, type CSSProperties } from "react";

import { Button } from "../../design/Button";
import { TickIcon } from "../../design/icons";
import { chooseColour, COLOURS, Disc, useColour, type Person } from "../../design/people";
import { Sheet } from "../../design/Sheet";
import styles from "./Colours.module.css";

/** The way to give a player another colour, on this device only. */
export function Colours({ person }: { person: Person }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const now = useColour(person.account);
  const { name } = person;
  // In the order of `COLOURS`.
  const names = [t`Blue`, t`Pink`, t`Orange`, t`Teal`, t`Brown`, t`Green`, t`Red`, t`Grey`, t`Purple`];
  return (
    <>
      <Button look="quiet" onPress={() => setOpen(true)}>
        <Trans>Change colour</Trans>
      </Button>
      <Sheet title={<Trans>A colour for {name}</Trans>} open={open} close={() => setOpen(false)}>
        <div className={styles.now}>
          <Disc person={person} size={80} />
          <p>
            <Trans>Only on this device.</Trans>
          </p>
        </div>
        <ul className={styles.colours}>
          {COLOURS.map((colour, at) => (
            <li key={colour}>
              <button
                type="button"
                className={styles.colour}
                style={{ "--colour": colour } as CSSProperties}
                aria-label={names[at]}
                aria-pressed={colour === now}
                onClick={() => chooseColour(person.account, at)}
              >
                {colour === now && <TickIcon />}
              </button>
            </li>
          ))}
        </ul>
      </Sheet>
    </>
  );
}
