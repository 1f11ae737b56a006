export { Start as Place } from "./Start";
