export { Disc, Pile, useColour } from "./Disc";
export { chooseColour, COLOURS, meet, personOf, type Person } from "./faces";
