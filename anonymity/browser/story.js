/** The text of a concern: what was written, with the answers to the short questions below it, in the language of the thread. */
import { all, byId, chosen, chosenLanguage, embedded } from "./page.js";
import { tidy, tidyName } from "./text.js";

/** @returns {Record<string, string>} the words of the lines, in the language that the text is written in */
function words() {
  return embedded("story-words")[chosenLanguage("lang")];
}

/** @param {string} id @returns {string} what was typed in a field that only some kinds of concern have */
function typedIn(id) {
  const field = document.getElementById(id);
  return field instanceof HTMLInputElement ? tidyName(field.value) : "";
}

/** @returns {string} the whole text as it is sealed; "" while nothing is written */
export function wholeStory() {
  const text = tidy(byId("body").value);
  const said = words();
  const ongoing = chosen("ongoing");
  const affected = all("[data-affected]:checked").map(({ value }) => said[`affected-${value}`]);
  const lines = [
    [said.called, typedIn("tool-called")],
    [said.where, typedIn("tool-where")],
    [said.when, tidyName(byId("when").value)],
    [said.ongoing, ongoing && said[`ongoing-${ongoing}`]],
    [said.affected, affected.join("; ")],
  ];
  const told = lines.filter(([, value]) => value).map(([label, value]) => `${label}: ${value}`);
  return text && told.length > 0 ? `${text}\n\n${told.join("\n")}` : text;
}

/** @returns {string} what opens the union's thread when nothing was written for it but a name is given */
export function onlyAName() {
  return words()["only-a-name"];
}

/** The box «somebody may be hurt now» is there while it may still be going on. */
export function showUrgent() {
  const part = byId("urgent-part");
  part.hidden = chosen("ongoing") === "no" || chosen("ongoing") === "";
  if (part.hidden) byId("urgent").checked = false;
}
