// The same script is that of the page, of its worker and, for tests, of Node.

import { show, verdict } from "./page.mjs";
import { Recomputation, damages } from "./recompute.mjs";
import { serve } from "./worker.mjs";

if (typeof document !== "undefined") show(document.currentScript.textContent);
else if (typeof WorkerGlobalScope !== "undefined") serve(self);
else globalThis.papertiger = { Recomputation, damages, verdict };
