import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { buttonClass } from "../../design/Button";
import { Handout } from "../../design/Handout";
import { Notice } from "../../design/Notice";
import { useNow } from "../../node/clock";
import { statusOptions } from "../../node/queries";
import { load } from "../../rules";
import { moment } from "../../words/time";
import { nodeAnswers, type Kept } from "./first";
import styles from "./Start.module.css";

/** How many friends a link lets in, and until when. */
function Lasts({ link, running }: { link: string; running: boolean }) {
  const now_s = useNow(60);
  const invitation = useQuery({
    queryKey: ["invitation", link],
    enabled: running,
    retry: false,
    queryFn: async () => (await load()).readInvitation(new URL(link).hash.slice(1)),
  });
  const ticket = invitation.data?.ticket;
  if (ticket == null) return null;
  const until = moment(ticket.expires, now_s);
  return (
    <p className={styles.soft}>
      <Plural
        value={ticket.uses}
        one={`# friend can come by it, until ${until}.`}
        other={`# friends can come by it, until ${until}.`}
      />{" "}
      <Trans>“Organise” makes other links.</Trans>
    </p>
  );
}

/** The pool is there: the link for friends, and on to the tips as soon as the node runs. */
export function Ready({ kept }: { kept: Kept }) {
  const running = useQuery({
    queryKey: ["start", "running"],
    queryFn: ({ signal }) => nodeAnswers(signal),
    retry: false,
  });
  const status = useQuery({ ...statusOptions(), enabled: running.data === true });
  const { name } = kept;
  return (
    <div className={styles.start}>
      <h1>{name}</h1>
      {kept.may_enter === false ? (
        <Notice look="soon">
          <p>
            <Trans>
              This pool wants an invitation, and the link holds none: you can look on. Ask for another link.
            </Trans>
          </p>
        </Notice>
      ) : kept.link === undefined ? (
        <p>
          <Trans>You are in. This computer keeps the pool from now on, and checks it.</Trans>
        </p>
      ) : (
        <p>
          <Trans>The pool is made. Now your friends:</Trans>
        </p>
      )}
      {kept.link !== undefined && (
        <>
          <Handout link={kept.link} reach={status.data?.link.reach} />
          <Lasts link={kept.link} running={running.data === true} />
        </>
      )}
      {!kept.lasting && (
        <Notice look="soon">
          <p>
            <Trans>
              This browser forgets your key when you close it. <code>bolao wallet words</code> shows the words that
              bring you back.
            </Trans>
          </p>
        </Notice>
      )}
      <div role="status">
        {running.data === true ? (
          // A whole new visit: the page listens to the node from its beginning.
          <a href="/" className={buttonClass("main", true)}>
            <Trans>To your tips</Trans>
          </a>
        ) : (
          <p className={styles.soft}>
            <Trans>The pool’s program starts …</Trans>
          </p>
        )}
      </div>
    </div>
  );
}
