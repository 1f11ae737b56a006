import { useLingui } from "@lingui/react/macro";

import { TextField } from "../../design/TextField";

/** Why something is so, for everybody to read. */
export function Because({ value, change }: { value: string; change: (text: string) => void }) {
  const { t } = useLingui();
  return (
    <TextField
      label={t`Reason or source`}
      value={value}
      onChange={change}
      maxLength={200}
      hint={t`Everyone can read this.`}
    />
  );
}
