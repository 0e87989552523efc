// The own walk: what axe does not see. Returns a list of findings, each one sentence. Runs in the page under test.
() => {
  const found = [];
  const say = (text, element) => found.push(text + (element ? `: ${element.outerHTML.slice(0, 140)}` : ""));
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  const unseen = (element) => element.closest(".unseen, .skip") !== null;

  // One heading of the first order, levels not skipped, a title, a language.
  const headings = [...document.querySelectorAll("h1,h2,h3,h4")].filter(shown);
  const firsts = headings.filter((one) => one.tagName === "H1");
  if (firsts.length !== 1) say(`${firsts.length} headings of the first order are shown`);
  let level = 0;
  for (const one of headings) {
    const now = Number(one.tagName[1]);
    if (now > level + 1 && level > 0) say("a heading level is skipped", one);
    level = now;
  }
  if (!document.title.trim()) say("the page has no title");

  // Nothing runs off the screen.
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) {
    const wide = [...document.body.querySelectorAll("*")].filter((one) => shown(one) && one.getBoundingClientRect().right > root.clientWidth + 1);
    say(`the page is ${root.scrollWidth} pixels wide in a window of ${root.clientWidth}`, wide.at(-1));
  }

  // Ids that are pointed to exist, and exist once.
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) say(`two elements have the id ${id}`);
  for (const name of ["aria-describedby", "aria-labelledby", "for", "form", "list", "headers"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) {
      for (const id of one.getAttribute(name).split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) say(`${name} points to nothing (${id})`, one);
    }
  }
  for (const one of document.querySelectorAll('a[href^="#"]')) {
    const id = decodeURIComponent(one.getAttribute("href").slice(1));
    if (id && !document.getElementById(id)) say("a link leads to no place on the page", one);
  }

  for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) say("the tab order is forced", one);

  // Fields have visible labels; radio buttons and check boxes in groups have a legend; tables have headers and a caption.
  for (const one of document.querySelectorAll("input:not([type=hidden]),select,textarea")) {
    if (!shown(one)) continue;
    if (!one.labels?.length && !one.hasAttribute("aria-label") && !one.hasAttribute("aria-labelledby")) say("a field has no label", one);
  }
  for (const one of document.querySelectorAll("input[type=radio]")) {
    const set = one.closest("fieldset");
    if (!set?.querySelector(":scope > legend")?.textContent.trim()) say("a radio button stands in no fieldset with a legend", one);
  }
  for (const one of document.querySelectorAll("table")) {
    if (!one.caption?.textContent.trim()) say("a table has no caption", one);
    if (!one.querySelector("th")) say("a table has no headers", one);
    for (const cell of one.querySelectorAll("th")) if (!cell.scope) say("a header cell has no scope", cell);
  }

  // Targets: 24 pixels, main actions 44. A link inside a sentence is exempt (WCAG 2.5.8).
  const inSentence = (one) => one.tagName === "A" && one.parentElement && ["P", "LI", "DD", "TD", "TH", "SPAN", "LABEL", "SUMMARY"].includes(one.parentElement.tagName) && getComputedStyle(one).display === "inline";
  for (const one of document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary")) {
    if (!shown(one) || unseen(one)) continue;
    const box = one.getBoundingClientRect();
    const least = one.matches(".button:not(.plain)") ? 44 : 24;
    if (box.height + 0.5 < least && !(least === 24 && inSentence(one))) say(`a target is ${Math.round(box.height)} pixels high, at least ${least} are needed`, one);
  }
  return found;
}
