// Reads one definition a line from standard input; writes asl-validator's findings about each, a JSON list a line.
"use strict";
const readline = require("node:readline");
const ajv = require("ajv");

// asl-validator compiles its schemas again for each definition, a tenth of a second each: let it find them compiled.
const Ajv = ajv.default;
let compiled;
ajv.default = function (options) {
  if (compiled) {
    compiled.addKeyword = () => compiled;
    return compiled;
  }
  return (compiled = new Ajv(options));
};
const validate = require("asl-validator");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let findings;
  try {
    findings = validate(JSON.parse(line)).errors.map((error) => `${error["Error code"]}: ${error.Message}`);
  } catch (error) {
    findings = [`asl-validator failed: ${error.message}`];
  }
  process.stdout.write(JSON.stringify(findings) + "\n");
});
