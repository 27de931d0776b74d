// How elements are made and found. Text only ever becomes text: nothing here reads HTML.

export const byId = (id) => document.getElementById(id);

/** el("td", { class: "number" }, 41): attributes; functions are listeners (`onclick`); true stands without a value. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined).map((child) =>
    child instanceof Node ? child : String(child)));
  return made;
}

/** Hands a file to the browser's downloads. */
export function saveAs(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name.replace(/[\\/:*?"<>|\s]+/g, "_") });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function show(element, isShown) {
  element.hidden = !isShown;
}
