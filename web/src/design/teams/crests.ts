export { clubOf } from "./clubs";
export { Crest } from "./Crest";
