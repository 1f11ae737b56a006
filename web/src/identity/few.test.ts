import { expect, it } from "vitest";

import { fewOf, forgetFew, rememberFew } from "./few";

const keeper = (name: string) => ({ keeper: { account: `bolao1${name}`, name }, key: name });
const [ana, bruno, eva] = [keeper("ana"), keeper("bruno"), keeper("eva")];

it("who was handed a tip as one of few stays named, also after it was handed to more", () => {
  rememberFew("me", ["aa"], [ana]);
  rememberFew("me", ["aa"], [bruno, eva]);
  rememberFew("me", ["aa", "cc"], [ana, bruno]);
  expect(fewOf("me", "aa")).toEqual([{ keeper: ana.keeper }]);
  expect(fewOf("me", "bb")).toEqual([]);
  expect(fewOf("me", "cc")).toHaveLength(2);
  expect(fewOf("other", "aa")).toEqual([]);
  forgetFew("me");
  expect(fewOf("me", "aa")).toEqual([]);
});
