// Everything that is wrong on the page as it stands, one line each.
() => {
  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && element.getClientRects().length;
  const rgba = (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
  const light = ({ r, g, b }) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => { for (let up = element; up; up = up.parentElement) {
    const colour = rgba(getComputedStyle(up).backgroundColor); if (colour.a === 1) return colour; } return rgba("rgb(255,255,255)"); };
  const contrast = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
  const faults = [];
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) faults.push(`id ${id} twice`);
  if (!["zh-CN", "en"].includes(document.documentElement.lang)) faults.push("no language");
  if (!document.title) faults.push("no title");
  const headings = [...document.querySelectorAll("h1, h2, h3")].filter(seen).map((heading) => Number(heading.tagName[1]));
  if (headings.filter((level) => level === 1).length !== 1) faults.push("not one h1");
  headings.forEach((level, index) => { if (level > (headings[index - 1] ?? 0) + 1) faults.push(`heading ${index} skips a level`); });
  for (const canvas of document.querySelectorAll("canvas"))
    if (!canvas.getAttribute("aria-label") || canvas.getAttribute("role") !== "img") faults.push("a canvas without words");
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption && !table.closest("[aria-labelledby], [aria-label]")) faults.push("a table without a name");
    const heads = [...table.querySelectorAll("th")];
    if (!table.querySelector("thead th") || heads.some((head) => !head.scope)) faults.push("a table without heads");
    if ([...table.rows].some((row) => !row.querySelector("th"))) faults.push("a row without a head");
  }
  for (const target of [...document.querySelectorAll("button, input, select, summary")].filter(seen)) {
    const { width, height } = target.getBoundingClientRect();
    if (width < 24 || height < 24) faults.push(`${target.tagName} ${target.id || target.textContent} is small: ${width}×${height}`);
  }
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !seen(element) || element.disabled || ["SCRIPT", "STYLE", "OPTION"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = contrast(rgba(style.color), ground(element));
    if (found < needed) faults.push(`contrast ${found.toFixed(2)}: ${words.currentNode.data.trim().slice(0, 20)}`);
  }
  return faults;
}
