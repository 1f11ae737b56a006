import { Plural, Trans, useLingui } from "@lingui/react/macro";

import { matchName } from "../../design/teams";
import styles from "./Ahead.module.css";
import { Bars, SHOWN, type BarsProps } from "./Bars";

/** Who was ahead after each of the last matches; as a table too. */
function Ahead({ leads, colours, name }: BarsProps & { name: string }) {
  const { t } = useLingui();
  const shown = leads.slice(-SHOWN);
  const mine = shown.filter(({ by }) => by > 0).length;
  const of = shown.length;
  return (
    <figure className={styles.figure}>
      <figcaption>
        <Trans>Who was ahead, match by match</Trans>
      </figcaption>
      <div role="img" aria-label={t`You led after ${mine} of the last ${of} matches`}>
        <Bars leads={leads} colours={colours} />
      </div>
      <details>
        <summary>
          <Trans>As a table</Trans>
        </summary>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <Trans>After</Trans>
              </th>
              <th scope="col">
                <Trans>Ahead</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {leads.map(({ match, by }) => (
              <tr key={match.no}>
                <td>{matchName(match)}</td>
                <td>
                  {by === 0 && <Trans>Level</Trans>}
                  {by > 0 && <Plural value={by} one="You, by # point" other="You, by # points" />}
                  {by < 0 && <Plural value={-by} one={`${name}, by # point`} other={`${name}, by # points`} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

export default Ahead;
