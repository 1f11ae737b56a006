// How the service worker says what is new: it has no words of its own.

import { t } from "@lingui/core/macro";

import type { PushWords } from "../../keys/push";
import { locale } from "../../words/languages";

const [match, time, more, host] = ["{match}", "{time}", "{more}", "{host}"];

/** In the language that is spoken now. */
export const pushWords = (): PushWords => ({
  locale: locale(),
  no_tip: t`You have not tipped yet`,
  closes: t`${match}: tips close at ${time}`,
  result: t`A result is in`,
  objection: t`Somebody objects to a result`,
  lead: t`You lead the table`,
  link: t`Someone may be changing what you see`,
  between: t`A player’s computer found someone between players and ${host}. Don’t type your words there.`,
  certificate: t`Someone may be able to change what you see`,
  certified: t`A public log lists a certificate for ${host} that isn’t the pool’s own. Don’t type your words there until you know whose it is.`,
  more: t`and ${more} more`,
  news: t`There is news in your pool`,
  renew: t`Open your pool once to keep getting messages`,
});
