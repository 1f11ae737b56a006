// How the service worker says what is new: it has no words of its own.

import { t } from "@lingui/core/macro";

import type { PushWords } from "../../keys/push";
import { locale } from "../../words/languages";

const [match, time, more] = ["{match}", "{time}", "{more}"];

/** In the language that is spoken now. */
export const pushWords = (): PushWords => ({
  locale: locale(),
  no_tip: t`You have not tipped yet`,
  closes: t`${match}: tips close at ${time}`,
  result: t`A result is in`,
  objection: t`Somebody objects to a result`,
  lead: t`You lead the table`,
  more: t`and ${more} more`,
});
