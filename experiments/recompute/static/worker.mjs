// What a worker of a page does: it checks and unpacks once, then says its plan, recomputes or compares as it is told.

import { Recomputation, damages } from "./recompute.mjs";

const PAUSE = 100;

/** Answer messages: {pieces} first, then {plan: true}, {recompute: true} or {compare: {…}}. */
export function serve(scope) {
  let opened = null;
  scope.onmessage = async ({ data }) => {
    try {
      if (data.pieces) opened = begin(scope, data.pieces);
      const recomputation = await opened;
      if (recomputation && data.plan) scope.postMessage({ plan: recomputation.plan });
      if (recomputation && data.recompute) recompute(scope, recomputation);
      if (recomputation && data.compare) compare(scope, recomputation, data.compare);
    } catch (error) {
      scope.postMessage({ failed: String(error && error.message ? error.message : error) });
    }
  };
}

async function begin(scope, pieces) {
  const wrong = damages(pieces);
  if (wrong.length) {
    scope.postMessage({ damages: wrong });
    return null;
  }
  const recomputation = await Recomputation.open(pieces);
  if (!recomputation.pointsHold) {
    scope.postMessage({ damages: ["The points of the design are not those of the manifest."] });
    return null;
  }
  return recomputation;
}

function recompute(scope, recomputation) {
  let told = 0;
  let done = [];
  for (const { part, sum, equal, runs } of recomputation.tables()) {
    done.push({ scenario: part.scenario, file: part.file, sum, equal, runs });
    if (Date.now() - told > PAUSE) {
      scope.postMessage({ tables: done });
      [done, told] = [[], Date.now()];
    }
  }
  scope.postMessage({ tables: done });
  scope.postMessage({ finished: true });
}

function compare(scope, recomputation, { number, baseline, against, measure, change }) {
  scope.postMessage({ compared: { number, contrast: recomputation.contrast(baseline, against, measure, change) } });
}
