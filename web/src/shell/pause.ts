// Stands between two parts of the page's code, so that they are read in two tasks. Nothing may be awaited here that waits for a
// place: places wait for the page's code.

import { breath } from "./breath";

await breath();
