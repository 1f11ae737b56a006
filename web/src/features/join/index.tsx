import { createLazyRoute } from "@tanstack/react-router";

import { Join } from "./Join";

export const Route = createLazyRoute("/join")({ component: Join });
