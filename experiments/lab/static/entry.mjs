// The page and its workers are one script: a worker has no document.

import { start } from "./main.mjs";
import { serve } from "./runs.mjs";

if (typeof document === "undefined") serve(self);
else start();
