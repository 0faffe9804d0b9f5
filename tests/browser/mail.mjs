// What of each page the four great mail programs do not support, by caniemail.com's data: prints {page: {feature: [programs]}}.
import { readFile } from "node:fs/promises";
import { caniemail, rawData } from "caniemail";

const PROGRAMS = ["apple-mail", "gmail", "outlook", "yahoo"];

// The checker stops at a feature that was never tested on a platform; what was not tested is not known to be missing.
for (const feature of rawData.data)
  for (const program of PROGRAMS)
    for (const platform of ["desktop-webmail", "mobile-webmail", "windows", "windows-mail", "macos", "ios", "android"])
      (feature.stats[program] ??= {})[platform] ??= { unknown: "u" };

const unsupported = (html) => {
  const programs = {};
  const { issues } = caniemail({ clients: PROGRAMS.map((program) => `${program}.*`), html });
  for (const [program, errors] of issues.errors)
    for (const { title } of errors) (programs[title] ??= new Set()).add(program);
  return Object.fromEntries(Object.entries(programs).map(([title, names]) => [title, [...names].sort()]));
};

const found = {};
for (const path of process.argv.slice(2)) found[path] = unsupported(await readFile(path, "utf8"));
console.log(JSON.stringify(found));
