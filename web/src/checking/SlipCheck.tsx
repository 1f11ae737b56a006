import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState, type DragEvent } from "react";

import { Button } from "../design/Button";
import { Notice } from "../design/Notice";
import styles from "./Slip.module.css";
import { SlipReport } from "./SlipReport";

const LARGEST_BYTES = 8_000_000;

/** Takes a receipt's file, dropped or chosen, and says what it proves. Works without the node. */
export function SlipCheck() {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const [slip, setSlip] = useState<{ name: string; text: string }>();
  const [large, setLarge] = useState(false);
  const [over, setOver] = useState(false);
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    setLarge(file.size > LARGEST_BYTES);
    setSlip(undefined);
    if (file.size <= LARGEST_BYTES) void file.text().then((text) => setSlip({ name: file.name, text }));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <div className={styles.slip}>
      <div
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Button look="well" onPress={() => input.current?.click()}>
          <Trans>Check a receipt</Trans>
        </Button>
        <span className={styles.soft}>
          <Trans>or drop its file here</Trans>
        </span>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={t`File of a receipt`}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {large && (
        <Notice look="bad">
          <Trans>This file is too large to be a receipt.</Trans>
        </Notice>
      )}
      {slip !== undefined && <SlipReport key={slip.text} text={slip.text} name={slip.name} />}
    </div>
  );
}
