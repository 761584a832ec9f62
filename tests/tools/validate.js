// Reads one definition a line from standard input; writes asl-validator's findings about each, a JSON list a line.
"use strict";
const readline = require("node:readline");
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
