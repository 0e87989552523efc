// Validates the files named as arguments and prints what is wrong as JSON. The command line tool itself needs a newer Node.
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";

const [config, ...files] = process.argv.slice(2);
const validator = new HtmlValidate(new FileSystemConfigLoader([], JSON.parse(config)));
const reports = await Promise.all(files.map((file) => validator.validateFile(file)));
console.log(JSON.stringify(reports.flatMap(({ results }) => results)));
