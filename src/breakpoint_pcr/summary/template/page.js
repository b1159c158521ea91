"use strict";
// Text reaches the page as text nodes only: nothing here builds markup from data.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const PAGE = 200;
const CALL_LOOKS = new Set(["mixed", "negative", "inconclusive", "invalid"]);

const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const folded = (text) => text.normalize("NFKC").toLowerCase();

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const isolated = (text, className) => element("bdi", className, text);
const cell = (className, ...children) => element("td", className, ...children);

function rowHead(name) {
  const head = element("th", "", isolated(name, "name"));
  head.scope = "row";
  return head;
}

const callWord = (call) => data.calls[call] ?? call;

function badge(call) {
  return element("span", `badge ${CALL_LOOKS.has(call) ? call : "class"}`, callWord(call));
}

function details(row) {
  const found = row.call === "inconclusive" && row.deletions.length
    ? [say(words.detected, { classes: row.deletions.join(" + ") })] : [];
  if (row.call === "mixed" && row.deletions.length) found.push(row.deletions.join(" + "));
  if (row.candidates.length) found.push(say(words.possible, { candidates: row.candidates.map(callWord).join(", ") }));
  return found.length ? [element("div", "", found.join("; "))] : [];
}

function chips(flags) {
  return flags.map((flag) => element("span", data.quiet.includes(flag) ? "chip plain" : "chip",
    isolated(data.flags[flag] ?? flag)));
}

function runLink(index) {
  const run = data.runs[index];
  const link = element("a", "run", isolated(run.run));
  link.href = `${run.address}/report.pdf`;
  return link;
}

function standingRow(row) {
  const behind = row.runs.map((run, place) => element("li", "",
    runLink(run), element("span", "nowrap", row.runs.length > 1 ? callWord(row.calls[place]) : "")));
  const alarms = row.contradict ? [element("span", "badge invalid", words.runs_contradict)] : [];
  return [rowHead(row.sample), cell("call", badge(row.call), ...alarms, ...details(row), ...chips(row.flags)),
    cell("", element("ul", "behind", ...behind)), cell("wide", isolated(row.reason))];
}

function levels(row) {
  return data.with_levels ? [cell("level", ...row.level.map((line) => element("div", "", isolated(line))))] : [];
}

function resultRow(row) {
  const reason = cell("");
  if (row.reason) {
    reason.append(element("details", "", element("summary", "", words.show_reason), isolated(row.reason, "opened")));
  }
  const date = element("div", "date", isolated(data.runs[row.run].run_date));
  return [rowHead(row.sample), cell("", runLink(row.run), date),
    cell("call", badge(row.call), ...details(row), ...chips(row.flags)),
    ...row.cts.map((ct) => cell("number", ct)), ...levels(row), reason];
}

function findingRow(row) {
  const run = row.run === null ? words.overall : runLink(row.run);
  return [cell("", element("span", `badge ${row.level}-level`, data.levels[row.level] ?? row.level)),
    cell("", run), cell("", isolated(row.subject, "name")), cell("wide", isolated(row.sentence))];
}

function table(name, rows, draw) {
  const section = document.getElementById(name);
  const body = section.querySelector("tbody");
  const more = element("button", "more");
  more.type = "button";
  section.append(more);
  const texts = rows.map((row) => folded(rowText(row)));
  let chosen = [];
  let shown = 0;

  function grow() {
    const next = chosen.slice(shown, shown + PAGE);
    body.append(...next.map((row) => element("tr", "", ...draw(row))));
    shown += next.length;
    const left = chosen.length - shown;
    more.hidden = left === 0;
    more.textContent = say(words.more, { count: Math.min(PAGE, left), left });
  }
  more.addEventListener("click", grow);

  return (terms, fits) => {
    chosen = rows.filter((row, place) => fits(row) && terms.every((term) => texts[place].includes(term)));
    shown = 0;
    body.replaceChildren();
    grow();
    if (!chosen.length) {
      const empty = cell("nothing", words.nothing);
      empty.colSpan = section.querySelectorAll("thead th").length;
      body.append(element("tr", "", empty));
    }
    return chosen;
  };
}

function rowText(row) {
  const runs = [row.run, ...(row.runs ?? [])].filter(Number.isInteger).map((n) => data.runs[n].run);
  const flags = (row.flags ?? []).map((flag) => data.flags[flag] ?? "");
  const own = Object.values(row).flat().filter((value) => typeof value === "string");
  return [...runs, ...flags, ...own].join("\n");
}

const show = {
  standing: table("standing", data.standing, standingRow),
  results: table("results", data.results, resultRow),
  findings: table("findings", data.findings, findingRow),
};
const runRows = [...document.querySelectorAll("#runs tbody tr")];
const runTexts = runRows.map((row) => folded(row.textContent));

// A run stays when its own row fits the search, or when it holds a result that does.
function showRuns(terms, results) {
  const holding = new Set(results.map((row) => row.run));
  runRows.forEach((row, place) => {
    row.hidden = !holding.has(Number(row.dataset.run)) && !terms.every((term) => runTexts[place].includes(term));
  });
  return runRows.filter((row) => !row.hidden).length;
}

function refresh() {
  const terms = folded(document.getElementById("search").value).split(/\s+/).filter(Boolean);
  const call = document.getElementById("call").value;
  const review = document.getElementById("review").checked;
  const fits = (row) => (!call || row.call === call) && (!review || row.review);
  const results = show.results(terms, fits);
  const counts = {
    shown: show.standing(terms, fits).length, total: data.standing.length, results: results.length,
    runs: showRuns(terms, results), findings: show.findings(terms, () => true).length,
  };
  document.getElementById("shown").textContent = say(words.shown, counts);
}

const form = document.getElementById("filter");
form.addEventListener("input", refresh);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(refresh));
refresh();
