"use strict";
// Text reaches the page as text nodes only: nothing here builds markup from data.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const PAGE = 100;
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

function button(text, label, look) {
  const made = element("button", `open ${look}`, isolated(text, "name"));
  made.type = "button";
  made.setAttribute("aria-label", label);
  return made;
}

function pdf(address, label) {
  const link = element("a", "pdf", "PDF");
  link.href = address;
  link.setAttribute("aria-label", label);
  return link;
}

// The name of a sample opens its curves in the run, and its own report stands beside it.
function sampleHead(name, place) {
  const run = data.runs[place];
  const head = element("th", "");
  head.scope = "row";
  if (!run || !run.plate) {
    head.append(isolated(name, "name"));
  } else {
    const opener = button(name, say(words.open_sample, { sample: name, run: run.run }), "sample");
    opener.dataset.open = place;
    opener.dataset.sample = name;
    head.append(opener);
  }
  if (run && Object.hasOwn(run.issued, name)) {
    head.append(" ", pdf(run.issued[name], say(words.sample_pdf_of, { sample: name, run: run.run })));
  }
  return head;
}

// A name from data may be that of a built-in property; only own properties are words.
const wordOf = (section, code) => (Object.hasOwn(section, code) ? section[code] : code);
const callWord = (call) => wordOf(data.calls, call);

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
    isolated(wordOf(data.flags, flag))));
}

function runLink(place, sample) {
  const run = data.runs[place];
  const both = element("span", "both");
  if (run.plate) {
    const opener = button(run.run, say(words.open_plate, { run: run.run }), "run");
    opener.dataset.open = place;
    if (sample !== undefined) opener.dataset.sample = sample;
    both.append(opener);
  } else {
    both.append(isolated(run.run, "run"));
  }
  both.append(" ", pdf(`${run.address}/report.pdf`, say(words.run_pdf_of, { run: run.run })));
  return both;
}

function standingRow(row) {
  const behind = row.runs.map((run, place) => element("li", "",
    runLink(run, row.sample), element("span", "nowrap", row.runs.length > 1 ? callWord(row.calls[place]) : "")));
  const alarms = row.contradict ? [element("span", "badge invalid", words.runs_contradict)] : [];
  return [sampleHead(row.sample, row.runs.at(-1)), cell("call", badge(row.call), ...alarms, ...details(row), ...chips(row.flags)),
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
  return [sampleHead(row.sample, row.run), cell("", runLink(row.run, row.sample), date),
    cell("call", badge(row.call), ...details(row), ...chips(row.flags)),
    ...row.cts.map((ct) => cell("number", ct)), ...levels(row), reason];
}

function findingRow(row) {
  const run = row.run === null ? words.overall : runLink(row.run);
  return [cell("", element("span", `badge ${row.level}-level`, wordOf(data.levels, row.level))),
    cell("", run), cell("", isolated(row.subject, "name")), cell("wide", isolated(row.sentence))];
}

function table(name, rows, draw) {
  const section = document.getElementById(name);
  const body = section.querySelector("tbody");
  const more = element("button", "more");
  more.type = "button";
  section.append(more);
  let texts = null; // folded at the first search: with many runs that takes a while
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
    if (terms.length && !texts) texts = rows.map((row) => folded(rowText(row)));
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
  const flags = (row.flags ?? []).map((flag) => wordOf(data.flags, flag));
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
const contradicting = new Set(data.standing.filter((row) => row.contradict).map((row) => row.sample));
const STATES = {
  review: (row) => row.review,
  calm: (row) => !row.review && !contradicting.has(row.sample),
  contradict: (row) => contradicting.has(row.sample),
  rejected: () => false,
};

// A run stays when its own row fits the search, or when it holds a result that does.
function showRuns(terms, results, wanted) {
  const holding = new Set(results.map((row) => row.run));
  runRows.forEach((row, at) => {
    const place = Number(row.dataset.run);
    const named = !wanted.call && wanted.own(place) && terms.every((term) => runTexts[at].includes(term));
    row.hidden = !wanted.dated(place) || !(holding.has(place) || named);
  });
  return runRows.filter((row) => !row.hidden).length;
}

function wish() {
  const [search, call, state, from, to] =
    ["search", "call", "state", "from", "to"].map((id) => document.getElementById(id).value);
  const dated = (place) => {
    const day = place === null ? "" : data.runs[place].day;
    return !(from || to) || (day !== "" && (!from || day >= from) && (!to || day <= to));
  };
  // Without a state every run is wanted for itself; with one, only rejected runs can be.
  const own = (place) => !state || (state === "rejected" && data.runs[place].rejected);
  const suits = (row) => (!call || row.call === call) && (!state || STATES[state](row));
  document.getElementById("date-note").hidden = !(from || to);
  return { terms: folded(search).split(/\s+/).filter(Boolean), call, state, dated, own, suits };
}

function refresh() {
  const wanted = wish();
  const { terms, state, dated, suits } = wanted;
  const results = show.results(terms, (row) => dated(row.run) && suits(row));
  const told = (row) => dated(row.run) && (state !== "rejected" || data.runs[row.run]?.rejected);
  const counts = {
    shown: show.standing(terms, (row) => row.runs.some(dated) && suits(row)).length,
    total: data.standing.length, results: results.length,
    runs: showRuns(terms, results, wanted), findings: show.findings(terms, told).length,
  };
  document.getElementById("shown").textContent = say(words.shown, counts);
}

const form = document.getElementById("filter");
form.addEventListener("input", refresh);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(refresh));
refresh();
