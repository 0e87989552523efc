// Reads {"config": …} once, then one {"name", "html"} a line, and answers each with a line of findings. (The validator's own
// command line needs a newer Node than some machines have.)
import { createInterface } from "node:readline";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";

const lines = createInterface({ input: process.stdin });
let validator = null;
for await (const line of lines) {
  const asked = JSON.parse(line);
  if (asked.config) {
    validator = new HtmlValidate(new FileSystemConfigLoader([], asked.config));
    continue;
  }
  const { results } = await validator.validateString(asked.html);
  const found = results.flatMap(({ messages }) => messages).filter(({ severity }) => severity > 1);
  console.log(JSON.stringify(found.map(({ ruleId, message, line: at }) => `${ruleId} in line ${at}: ${message}`)));
}
