// Reads one JSONata expression (a JSON string) a line; writes "" a line, or why jsonata refuses the expression.
"use strict";
const readline = require("node:readline");
const jsonata = require("jsonata");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let fault = "";
  try {
    jsonata(JSON.parse(line));
  } catch (error) {
    fault = error.message || String(error.code);
  }
  process.stdout.write(JSON.stringify(fault) + "\n");
});
