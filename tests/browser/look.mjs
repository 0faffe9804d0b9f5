// Opens each page in a browser, by day and by night, on a phone and on a desk: prints what axe-core finds, what sticks out, and what was asked for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, profile, ...paths] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Nothing of the machine's own, and no word to the network.
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: ARGUMENTS });
const isLocal = (url) => url.protocol === "file:";
const found = {};
try {
  await context.route((url) => !isLocal(url), (route) => route.abort());
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const path of paths) {
    const views = [];
    asked.length = 0;
    await page.goto(pathToFileURL(path).href);
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"])
      for (const width of [400, 900]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        // Each scheme once and each width once: what axe sees depends on either, and hardly on both.
        const isChecked = (colorScheme === "dark") === (width === 400);
        const { violations } = isChecked
          ? await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }))
          : { violations: [] };
        views.push({
          view: `${colorScheme}, ${width} px`,
          overflow: await page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth),
          ground: await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
          violations: violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, where: nodes.map((node) => node.html) })),
        });
      }
    found[path] = { asked: asked.slice(1), views };
  }
} finally {
  await context.close();
}
console.log(JSON.stringify(found));
