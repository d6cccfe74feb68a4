"use strict";
// Starts the page: unpacks its own code, which may run because the page's policy names its digest.
(() => {
  /** One of the page's parts: raw deflate in base64. */
  async function unpacked(id) {
    const packed = document.getElementById(id);
    const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
    packed.remove();
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  }

  /** Run a part that is code. */
  async function run(id) {
    const script = document.createElement("script");
    script.textContent = await unpacked(id);
    document.head.append(script);
  }

  /** Show what a reader without script sees, where the script cannot run to its end, too. */
  function still(error) {
    if (error) console.error(error);
    const parsed = new DOMParser().parseFromString(document.getElementById("still").textContent, "text/html");
    document.body.prepend(...parsed.body.childNodes);
    document.documentElement.className = "plain";
    document.documentElement.dataset.ready = "yes";
  }

  window.maillage = { unpacked, run, still };
  run("code").catch(still);
})();
