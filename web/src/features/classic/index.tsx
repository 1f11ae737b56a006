export { Classic as Place } from "./Classic";
