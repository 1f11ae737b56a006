import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Busy, Failure } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { isProblem } from "../../node/client";
import { RulesError } from "../../rules";
import { Quoted } from "../../words/Said";
import { Sentence } from "../../words/Sentence";
import { StaysLocked } from "../../keys/signer";
import { NOT_IN_BOOK, OTHER_ORDER, PLACE_TAKEN, Refused } from "../../node/refused";

/** Why, in the page's words; nothing for a code that it does not know. */
function why(code: string): ReactNode {
  switch (code) {
    case "bet-after-kickoff":
      return <Trans>Tips for one of these matches have closed. Nothing was sent.</Trans>;
    case "name-taken":
      return <Trans>That name’s taken. Choose another one, or add the first letter of your surname.</Trans>;
    case "name-kept":
      return (
        <Trans>
          That name is kept for a friend of last season. If it’s yours, bring your player here: tap “Already playing?”.
          Otherwise choose another one.
        </Trans>
      );
    case "not-enough-chips":
      return <Trans>You don’t have enough chips for these stakes. Nothing was sent. Stake less.</Trans>;
    case "bad-stake":
      return <Trans>This pool’s rules don’t allow that stake. Nothing was sent.</Trans>;
    case "invitation-needed":
      return <Trans>You need an invitation to this pool. Ask an organiser for a link.</Trans>;
    case "ticket-expired":
      return <Trans>This invitation has expired. Ask for a new link.</Trans>;
    case "ticket-used-up":
      return <Trans>This invitation has been used up. Ask for a new link.</Trans>;
    case "bad-invitation":
    case "not-invited-by-organiser":
      return <Trans>This invitation isn’t valid for this pool. Ask for a new link.</Trans>;
    case "already-joined":
      return <Trans>You’re already in this pool.</Trans>;
    case "unknown-account":
      return <Trans>The pool doesn’t know you yet. If you have just joined, wait a moment and try again.</Trans>;
    case "too-many-pending":
    case "too-often":
    case "too-many-joins":
    case "mempool-full":
    case "too-many-requests":
      return <Trans>That was a lot at once. Wait a minute and try again; nothing is lost.</Trans>;
    case "bad-nonce":
    case "nonce-pending":
      return (
        <Trans>
          You signed something else at the same moment, perhaps in another window or on another device. Try again.
        </Trans>
      );
    case OTHER_ORDER:
      return (
        <Trans>
          The pool’s computer counts your signatures differently from the blocks, so nothing was signed; your signature
          could be misused. Try again in a minute. If it keeps happening, tell the organiser.
        </Trans>
      );
    case NOT_IN_BOOK:
      return (
        <Trans>
          This device couldn’t find what is shown here in the pool’s blocks, so nothing was signed. Try again in a
          minute. If it keeps happening, tap the mark to see what was checked.
        </Trans>
      );
    case PLACE_TAKEN:
      return (
        <Trans>
          Something you sent earlier is still waiting, and this computer doesn’t know about it. Nothing was signed,
          because only one of the two could count. Try again in a minute.
        </Trans>
      );
    case "not-an-organiser":
      return <Trans>Only organisers can do this.</Trans>;
    case "result-too-early":
      return <Trans>This match hasn’t kicked off yet.</Trans>;
    case "result-final":
      return <Trans>This result is final and can no longer be changed.</Trans>;
    case "objected-already":
      return <Trans>You have already objected to this result.</Trans>;
    case "wrong-passphrase":
      return <Trans>Wrong passphrase. Try again.</Trans>;
    case "bad-name":
      return <Trans>Use up to 32 letters, digits or common symbols.</Trans>;
    case "misleading-name":
      return (
        <Trans>
          This name could be mistaken for another player’s or for a role in the pool. Choose another one, without
          brackets, mixed alphabets or words such as “organiser”.
        </Trans>
      );
    case "busy":
    case "unavailable":
      return <Busy />;
    default:
      return undefined;
  }
}

interface Props {
  error: unknown;
  again?: () => void;
  /** Words for codes of what was done, which stand before the page's own. */
  words?: Readonly<Record<string, ReactNode>>;
}

/** Why the pool, the node or this device said no, in the reader's language. */
export function Refusal({ error, again, words = {} }: Props) {
  if (error === null || error === undefined || error instanceof StaysLocked) return null;
  const isKnown = isProblem(error) || error instanceof Refused || error instanceof RulesError;
  const known = isKnown ? (Object.hasOwn(words, error.code) ? words[error.code] : why(error.code)) : undefined;
  if (known !== undefined) {
    return (
      <Notice look="bad">
        <p>{known}</p>
      </Notice>
    );
  }
  if (error instanceof Refused) {
    return (
      <Notice look="bad">
        <Quoted says={error.message} />
      </Notice>
    );
  }
  if (error instanceof RulesError) {
    return (
      <Notice look="bad">
        <p lang="en">
          <Sentence says={error.message} />
        </p>
      </Notice>
    );
  }
  return <Failure error={error} again={again} />;
}
