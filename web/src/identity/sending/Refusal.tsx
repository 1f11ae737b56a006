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
      return <Trans>Betting on one of these matches has ended. Nothing was sent.</Trans>;
    case "name-taken":
      return (
        <Trans>Somebody here has this name already. Choose another one, or add the first letter of your surname.</Trans>
      );
    case "not-enough-chips":
      return <Trans>Your chips do not reach for these stakes. Nothing was sent: stake less.</Trans>;
    case "bad-stake":
      return <Trans>A stake is outside of what this pool’s rules allow. Nothing was sent.</Trans>;
    case "invitation-needed":
      return <Trans>This pool wants an invitation. Ask whoever organises it for a link.</Trans>;
    case "ticket-expired":
      return <Trans>This invitation has expired. Ask for a new link.</Trans>;
    case "ticket-used-up":
      return <Trans>This invitation was used as often as it may be. Ask for a new link.</Trans>;
    case "bad-invitation":
    case "not-invited-by-organiser":
      return <Trans>This invitation is not good for this pool. Ask for a new link.</Trans>;
    case "already-joined":
      return <Trans>You are in this pool already.</Trans>;
    case "unknown-account":
      return <Trans>The pool does not know you yet. If you have just joined, wait a moment and try again.</Trans>;
    case "too-many-pending":
    case "too-often":
    case "too-many-joins":
    case "mempool-full":
    case "too-many-requests":
      return <Trans>Too much at once. Wait a minute and try again; nothing is lost.</Trans>;
    case "bad-nonce":
    case "nonce-pending":
      return (
        <Trans>
          Something else of yours was signed at the same moment, perhaps in another window or on another device. Try
          again.
        </Trans>
      );
    case OTHER_ORDER:
      return (
        <Trans>
          This computer does not count what you have signed as the book does, so nothing was signed: your signature
          could be used for something else than you want. Try again in a minute. If it stays so, tell whoever runs it.
        </Trans>
      );
    case NOT_IN_BOOK:
      return (
        <Trans>
          This device has not found in the book what is shown here, so nothing was signed. Try again in a minute; if it
          stays so, look at what was checked.
        </Trans>
      );
    case PLACE_TAKEN:
      return (
        <Trans>
          Something that you sent before still waits, and this computer does not know it. Nothing was signed, since only
          one of the two could come into the book. Try again in a minute.
        </Trans>
      );
    case "not-an-organiser":
      return <Trans>Only organisers may do this.</Trans>;
    case "result-too-early":
      return <Trans>This match has not kicked off yet.</Trans>;
    case "result-final":
      return <Trans>This result is final: nobody can change it any more.</Trans>;
    case "objected-already":
      return <Trans>You have objected to this result already.</Trans>;
    case "wrong-passphrase":
      return <Trans>That is not the passphrase.</Trans>;
    case "bad-name":
      return (
        <Trans>
          This name cannot be used. A name has 1 to 32 characters: letters, digits, blanks and common signs. Newer emoji
          and signs that do not show are not among them.
        </Trans>
      );
    case "misleading-name":
      return (
        <Trans>
          Others could take this name for another player’s, or for more than a name: it looks like one that is taken,
          mixes alphabets, or holds a bracket or a word such as “organiser”. Choose another one.
        </Trans>
      );
    case "busy":
    case "unavailable":
      return <Busy />;
    default:
      return undefined;
  }
}

/** Why the pool, the node or this device said no, in the reader's language. */
export function Refusal({ error, again }: { error: unknown; again?: () => void }) {
  if (error === null || error === undefined || error instanceof StaysLocked) return null;
  const known =
    isProblem(error) || error instanceof Refused || error instanceof RulesError ? why(error.code) : undefined;
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
