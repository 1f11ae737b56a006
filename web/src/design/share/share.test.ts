import { expect, it } from "vitest";

import { chosen } from "./TablePicture";

const line = (place: number) => ({ place, points: 0, person: { account: `a${place}`, name: `P${place}` } });
const lines = Array.from({ length: 12 }, (_, index) => line(index + 1));

it("has room for nine lines, and one's own is among them", () => {
  const places = (own?: string) => chosen(lines, own).map(({ place }) => place);
  expect(places()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(places("a4")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(places("a12")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 12]);
});
