export { Me as Place } from "./Me";
