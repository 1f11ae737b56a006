import { Trans } from "@lingui/react/macro";

import { Notice } from "../../design/Notice";
import { RulesError } from "../../rules";
import { Refusal } from "../sending/Refusal";

/** As the rules name the sign for which they refuse a name, one that does not show by its number. */
const HOLDS = /it holds '(?:\\u\{([0-9a-f]{1,6})\}|\\?(.))'/u;

/** Signs as they are seen, where the browser can tell: some emoji are several. */
const signsOf = (name: string): string[] =>
  "Segmenter" in Intl
    ? Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name), ({ segment }) => segment)
    : Array.from(name);

/** What is seen of a sign; nothing where it does not show. */
function seenOf(name: string, sign: string): string | undefined {
  const seen = signsOf(name).find((one) => one.includes(sign)) ?? sign;
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(seen) ? seen : undefined;
}

/** The sign for which a name is refused, where it is one that people see. */
export function refusedSign(error: unknown, name: string): string | undefined {
  if (!(error instanceof RulesError) || error.code !== "bad-name") return undefined;
  const [, number, itself] = HOLDS.exec(error.message) ?? [];
  const code = Number.parseInt(number ?? "", 16);
  const sign = code <= 0x10ffff ? String.fromCodePoint(code) : itself;
  return sign === undefined ? undefined : seenOf(name, sign);
}

/** Why somebody could not come in under a name; `name`, as it stands. */
export function NameRefusal({ error, name }: { error: unknown; name: string }) {
  const sign = refusedSign(error, name);
  if (sign === undefined) return <Refusal error={error} />;
  return (
    <Notice look="bad">
      <p>
        <Trans>
          A name can’t contain “<bdi>{sign}</bdi>”. Leave it out, or use another symbol.
        </Trans>
      </p>
    </Notice>
  );
}
