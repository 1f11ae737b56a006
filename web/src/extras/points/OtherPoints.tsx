import { Trans } from "@lingui/react/macro";

import { list, object, text } from "../../node/shape";
import { roundName } from "../../words/rounds";
import styles from "./Points.module.css";

const hasStages = object({ features: object({ schemes: object({ stages: list(object({ stage: text })) }) }) });

interface OfStages {
  features: { schemes: { stages: readonly { stage: string }[] } };
}

/** In which rounds a tip wins other points; nothing where it wins the same in all. */
export function OtherPoints({ rules }: { rules: unknown }) {
  if (!hasStages(rules)) return null;
  const { stages } = (rules as OfStages).features.schemes;
  if (stages.length === 0) return null;
  const names = stages.map(({ stage }) => roundName(stage)).join(", ");
  return (
    <p className={styles.other}>
      <Trans>Other points in: {names}</Trans>
    </p>
  );
}
