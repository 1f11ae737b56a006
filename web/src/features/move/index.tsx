export { Move as Place } from "./Move";
