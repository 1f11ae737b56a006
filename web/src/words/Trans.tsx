import { Trans as TransOfLingui, type TransProps } from "@lingui/react";
import type { ReactElement } from "react";

/** A value as Lingui takes it: a text in a list is no string to it, and is shown as it is. */
function untagged(value: unknown): unknown {
  return typeof value === "string" && value.includes("<") ? [value] : value;
}

/** A sentence in the reader's language. Lingui's own reads tags also in what is filled in, such as a player's name. */
export function Trans({ values, ...others }: TransProps): ReactElement {
  const filled = Object.entries(values ?? {}).map(([name, value]): [string, unknown] => [name, untagged(value)]);
  return <TransOfLingui {...others} values={values && Object.fromEntries(filled)} />;
}
