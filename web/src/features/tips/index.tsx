export { Tips as Place } from "./Tips";
