// Fields that take a name: while one is written, the things whose names begin so.
const form = document.querySelector("form.ask");

async function things(field, list) {
  const to = new URL(form.dataset.things, document.baseURI);
  to.search = new URLSearchParams({ q: field.value, kinds: field.dataset.kinds, lang: form.dataset.lang });
  try {
    const answer = await fetch(to);
    const { things: found } = await answer.json();
    list.replaceChildren(
      ...found.map(({ label, written }) => {
        const option = document.createElement("option");
        option.value = written;
        if (label !== written) option.label = label;
        return option;
      }),
    );
    form.dataset.ready = "yes";
  } catch {
    // what was suggested before stays
  }
}

for (const field of form?.querySelectorAll("input[list]") ?? []) {
  const list = document.getElementById(field.getAttribute("list"));
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value.trim()) waiting = setTimeout(() => things(field, list), 150);
  });
}

// An address without what was left open is one that can be read and sent.
form?.addEventListener("submit", () => {
  for (const field of form.elements) {
    if (field.name && !field.value) field.disabled = true;
  }
});
addEventListener("pageshow", () => {
  for (const field of form?.elements ?? []) field.disabled = false;
});
