import { createLazyRoute } from "@tanstack/react-router";

import { Classic } from "./Classic";

export const Route = createLazyRoute("/classic")({ component: Classic });
