export { Forgets as Place } from "./Forgets";
