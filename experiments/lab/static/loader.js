// Unpack what the page carries, and start its program; the content policy names the hashes of both scripts.
"use strict";
(async () => {
  const bytes = Uint8Array.from(atob(document.getElementById("carried").textContent), (sign) => sign.charCodeAt(0));
  const parts = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + new DataView(bytes.buffer).getUint32(at, true);
    parts.push(bytes.slice(at + 4, end));
    at = end;
  }
  const unpacked = (part) => new Response(new Blob([part]).stream().pipeThrough(new DecompressionStream("gzip")));
  const [program, texts, wasm] = parts;
  globalThis.carried = {
    program: await (await unpacked(program)).text(),
    texts: await (await unpacked(texts)).json(),
    wasm: new Uint8Array(await (await unpacked(wasm)).arrayBuffer()),
    payload: parts[3],
  };
  const script = document.createElement("script");
  script.textContent = globalThis.carried.program;
  document.body.append(script);
})().catch(() => {
  const failed = document.getElementById("failed");
  failed.hidden = false;
  failed.textContent = "This browser is too old for the page: it needs WebAssembly and DecompressionStream (2023 or later). / Dieser Browser ist zu alt für die Seite.";
});
