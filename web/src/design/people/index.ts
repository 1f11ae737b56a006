export { Disc, Pile, useColour } from "./Disc";
export { chooseColour, COLOURS, lettersOf, meet, type Person } from "./faces";
