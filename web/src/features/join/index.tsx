export { Join as Place } from "./Join";
