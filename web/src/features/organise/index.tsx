export { Organise as Place } from "./Organise";
