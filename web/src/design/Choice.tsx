import { useEffect, useRef, type ReactNode } from "react";
import { Label } from "react-aria-components/Label";
import { RadioButton, RadioField, RadioGroup } from "react-aria-components/RadioGroup";

import styles from "./Choice.module.css";
import hidden from "./Silent.module.css";

/** Pills that go on behind the edge fade there. */
const FADE_PX = 20;

interface Props<Value extends string> {
  label: ReactNode;
  value: Value;
  choices: readonly { value: Value; says: ReactNode }[];
  choose: (value: Value) => void;
  /** Whether the label is only read out. */
  silent?: boolean;
  /** `pills`: many, in a row that scrolls. */
  look?: "segments" | "pills";
}

/** One of a few, side by side. */
export function Choice<Value extends string>({
  label,
  value,
  choices,
  choose,
  silent = false,
  look = "segments",
}: Props<Value>) {
  const row = useRef<HTMLDivElement>(null);
  // Where not all fit, the chosen one is in sight.
  useEffect(() => {
    const chosen = row.current?.querySelector<HTMLElement>("[data-selected]");
    if (row.current === null || chosen == null) return;
    const end = chosen.offsetLeft + chosen.offsetWidth + FADE_PX;
    if (end > row.current.scrollLeft + row.current.clientWidth) row.current.scrollLeft = end - row.current.clientWidth;
    if (chosen.offsetLeft < row.current.scrollLeft) row.current.scrollLeft = chosen.offsetLeft;
  }, [value, choices.length]);
  return (
    <RadioGroup
      className={styles.group ?? ""}
      value={value}
      onChange={(chosen) => {
        const choice = choices.find((it) => it.value === chosen);
        if (choice !== undefined) choose(choice.value);
      }}
    >
      <Label className={silent ? hidden.silent : styles.label}>{label}</Label>
      <div ref={row} className={styles.choices} data-look={look}>
        {choices.map((choice) => (
          <RadioField key={choice.value} value={choice.value} className={styles.field ?? ""}>
            <RadioButton className={styles.choice ?? ""}>{choice.says}</RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}
