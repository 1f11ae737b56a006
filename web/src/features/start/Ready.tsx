import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { inHost } from "../../device/address";
import { buttonClass } from "../../design/Button";
import { Handout } from "../../design/Handout";
import { Notice } from "../../design/Notice";
import { useNow } from "../../node/clock";
import { statusOptions } from "../../node/queries";
import { load } from "../../rules";
import { moment } from "../../words/time";
import { Asked } from "./Asked";
import { nodeAnswers, type Kept } from "./first";
import styles from "./Start.module.css";
import { Step, StepHead } from "./Step";

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
  const until = ticket == null ? "" : moment(ticket.expires, now_s);
  return (
    <p className={styles.lasts}>
      {ticket != null && (
        <Plural
          value={ticket.uses}
          one={`# person can join with this link until ${until}.`}
          other={`Up to # people can join with this link until ${until}.`}
        />
      )}
    </p>
  );
}

/** On to the tips, as soon as the node runs. */
function Onwards({ running, main }: { running: boolean; main: boolean }) {
  return (
    <div role="status" className={styles.onwards}>
      {running ? (
        // A whole new visit: the page listens to the node from its beginning.
        <a href={inHost("/")} className={buttonClass(main ? "main" : "plain", true)}>
          <Trans>Go to my tips</Trans>
        </a>
      ) : (
        <p className={styles.soft}>
          <Trans>The pool’s program is starting …</Trans>
        </p>
      )}
    </div>
  );
}

/** The pool is there: the link for friends, and on to the tips. */
export function Ready({ kept }: { kept: Kept }) {
  const answers = useQuery({
    queryKey: ["start", "running"],
    queryFn: ({ signal }) => nodeAnswers(signal),
    retry: false,
  });
  const running = answers.data === true;
  const status = useQuery({ ...statusOptions(), enabled: running });
  const { name, link } = kept;
  const forgets = !kept.lasting && (
    <Notice look="soon">
      <p>
        <Trans>
          This browser forgets your key when you close it. <code>bolao wallet words</code> shows the words that bring
          you back.
        </Trans>
      </p>
    </Notice>
  );
  if (link === undefined)
    return (
      <div className={styles.start}>
        <Step
          title={kept.may_enter === false ? name : <Trans>You’re in: {name}</Trans>}
          says={<Trans>This computer keeps the pool from now on, and checks it.</Trans>}
        />
        {kept.may_enter === false && (
          <Notice look="soon">
            <p>
              <Trans>You need an invitation to play, and this link has none. Until you have one, you can watch.</Trans>
            </p>
          </Notice>
        )}
        {forgets}
        <Onwards running={running} main />
      </div>
    );
  return (
    <div className={styles.wide}>
      <Handout
        link={link}
        reach={status.data?.link.reach}
        head={
          <div className={styles.ready}>
            <StepHead
              step={3}
              top={name}
              title={
                <>
                  <Trans>Your pool is ready.</Trans> <Trans>Bring your friends.</Trans>
                </>
              }
            />
          </div>
        }
      >
        <Lasts link={link} running={running} />
        <Asked pool={kept.pool} running={running} />
        {forgets}
        <Onwards running={running} main={false} />
      </Handout>
    </div>
  );
}
