import { Trans } from "@lingui/react/macro";

import { Notice } from "./Notice";

/** What nobody sees in a spreadsheet who looks at it: each is empty, or a list such as `5, 9–12`. */
export interface Hidden {
  rows: string;
  columns: string;
  cells: string;
  sheets: string;
}

/** Says what of a spreadsheet was not read, since nobody sees it there. */
export function Unseen({ of: { rows, columns, cells, sheets } }: { of: Hidden }) {
  if (rows + columns + cells + sheets === "") return null;
  return (
    <Notice look="soon">
      <strong>
        <Trans>Parts of this spreadsheet are hidden, so they weren’t read.</Trans>
      </strong>
      {rows !== "" && (
        <span>
          <Trans>Hidden rows: {rows}</Trans>
        </span>
      )}
      {columns !== "" && (
        <span>
          <Trans>Hidden columns: {columns}</Trans>
        </span>
      )}
      {cells !== "" && (
        <span>
          <Trans>Text that can’t be seen: {cells}</Trans>
        </span>
      )}
      {sheets !== "" && (
        <span>
          <Trans>Hidden sheets: {sheets}</Trans>
        </span>
      )}
    </Notice>
  );
}
