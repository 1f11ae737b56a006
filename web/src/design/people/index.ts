export { Disc, Pile, useColour } from "./Disc";
export { chooseColour, COLOURS, lettersOf, meet, personOf, type Person } from "./faces";
