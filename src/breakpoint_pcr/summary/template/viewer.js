// The dialog of a run: plate, choice of wells, curves, and the table of what they say.
const viewer = document.getElementById("viewer");
const chooser = document.getElementById("plate-sample");
const opened = { place: null, plate: null, wells: new Set(), sample: null };
const ROWS_SHOWN = 400;

const runsWithPlate = data.runs.map((run, place) => (run.plate ? place : -1)).filter((place) => place >= 0);
const wellCells = () => [...document.querySelectorAll("#plate td.well")];
const chosenReactions = () => opened.plate.reactions.filter((one) => opened.wells.has(one.well));

function option(value, text) {
  const made = element("option", "", text);
  made.value = value;
  return made;
}

// The values of the options are places in a list, never names: a name may be empty or hold anything.
function fillChooser() {
  opened.samples = [...new Set(opened.plate.reactions.map((one) => one.sample))];
  chooser.replaceChildren(option("all", words.all_wells), option("wells", words.no_sample),
    ...opened.samples.map((name, at) => option(String(at), name || "–")));
}

function openRun(place, sample) {
  opened.place = place;
  opened.plate = readPlate(place);
  const run = data.runs[place];
  const title = document.getElementById("viewer-title");
  title.replaceChildren(...aroundName(words.viewer_title, run.run), ...(run.run_date ? [" · ", isolated(run.run_date)] : []));
  fillChooser();
  drawPlate(opened.plate);
  const at = runsWithPlate.indexOf(place);
  document.getElementById("older").disabled = at <= 0;
  document.getElementById("newer").disabled = at >= runsWithPlate.length - 1;
  if (!viewer.open) viewer.showModal();
  const named = sample !== undefined && opened.samples.includes(sample);
  choose(named ? String(opened.samples.indexOf(sample)) : "all");
  viewer.scrollTop = 0;
  title.focus();
}

// Keep the name's writing direction to itself inside the sentence.
function aroundName(sentence, name) {
  const [before, after] = sentence.split("{run}");
  return [before, isolated(name), after ?? ""];
}

function links() {
  const run = data.runs[opened.place];
  const link = (address, text) => {
    const made = element("a", "", text);
    made.href = address;
    return made;
  };
  const own = opened.sample !== null && Object.hasOwn(run.issued, opened.sample)
    ? [link(run.issued[opened.sample], words.sample_pdf), " "] : [];
  document.getElementById("viewer-links").replaceChildren(...own,
    link(`${run.address}/report.pdf`, words.report_pdf), " ", link(`${run.address}/report.json`, words.report_json));
}

function choose(value) {
  chooser.value = value;
  const { reactions } = opened.plate;
  opened.sample = /^\d+$/.test(value) ? opened.samples[Number(value)] : null;
  if (value === "all") opened.wells = new Set(reactions.map((one) => one.well));
  else if (opened.sample !== null) {
    opened.wells = new Set(reactions.filter((one) => one.sample === opened.sample).map((one) => one.well));
    const first = wellCells().find((made) => opened.wells.has(made.dataset.well));
    if (first) rove(first);
  }
  showChosen();
}

function chooseWell(made, adding) {
  const well = made.dataset.well;
  if (!adding || chooser.value === "all") opened.wells = new Set([well]);
  else if (opened.wells.has(well)) opened.wells.delete(well);
  else opened.wells.add(well);
  opened.sample = null;
  chooser.value = "wells";
  rove(made);
  showChosen();
}

function rove(made) {
  for (const other of wellCells()) other.tabIndex = -1;
  made.tabIndex = 0;
}

function what() {
  const wells = [...opened.wells];
  if (chooser.value === "all") return words.all_wells;
  if (opened.sample !== null) return opened.sample || "–";
  const samples = [...new Set(chosenReactions().map((one) => one.sample))];
  return wells.length === 1 ? [wells[0], ...samples].filter(Boolean).join(", ") : say(words.wells_chosen, { count: wells.length });
}

function showChosen() {
  for (const made of wellCells()) {
    const chosen = chooser.value !== "all" && opened.wells.has(made.dataset.well);
    made.setAttribute("aria-selected", String(chosen));
  }
  const [before, after] = words.curve_of.split("{what}");
  document.getElementById("curve-title").replaceChildren(before, isolated(what()), after ?? "");
  links();
  draw();
  document.querySelector("#reactions tbody").replaceChildren(
    ...chosenReactions().slice(0, ROWS_SHOWN).flatMap(reactionRows));
}

// Two rows for a reaction: its values, and under them why it came out so.
function reactionRows(one) {
  const role = one.role === "unknown" ? [] : [element("div", "date", wordOf(data.roles, one.role))];
  const outcome = element("span", `badge outcome-${one.outcome || "none"}`, outcomeWord(one));
  const ct = one.ct_text || wordOf(data.states, one.state);
  const values = element("tr", "", cell("", isolated(one.well)), cell("", isolated(one.sample, "name"), ...role),
    cell("", isolated(one.assay)), cell("", outcome), cell("number", ct), cell("number", one.ct_own_text || "–"),
    cell("", one.curve ? wordOf(data.curves, one.curve) : ""));
  if (!one.reason) return [values];
  const why = cell("why", isolated(one.reason));
  why.colSpan = values.children.length;
  return [values, element("tr", "", why)];
}

function setting() {
  const picked = (name) => viewer.querySelector(`input[name=${name}]:checked`).value;
  return { log: picked("scale") === "log", values: picked("values") };
}

function draw() {
  const reactions = chosenReactions();
  const wanted = setting();
  const correctable = reactions.some((one) => ["Rn", "raw"].includes(one.unit));
  document.getElementById("values").disabled = !correctable;
  if (!correctable) wanted.values = "corrected";
  const figure = drawCurves(opened.plate, reactions, wanted);
  document.getElementById("curve").setAttribute("aria-label", say(words.curve_alt, {
    scale: wanted.log ? words.scale_log : words.scale_linear, values: figure.unit,
    reactions: reactions.slice(0, LEGEND_MOST).map((one) => `${one.well} ${one.assay}: ${outcomeWord(one)}, ${words.ct} ${ctWord(one)}`).join("; "),
  }));
  document.getElementById("curve-note").textContent = notes(figure, wanted, correctable).join(" ");
}

function notes(figure, wanted, correctable) {
  if (!figure.drawn.length) return [words.curve_none];
  const without = figure.drawn.filter((one) => ["Rn", "raw"].includes(one.unit) && one.intercept === null);
  const broken = wanted.log && figure.drawn.some((one) => one[wanted.values].some((value) => value !== null && value <= 0));
  return [
    ...(correctable ? [] : [words.already_corrected]),
    ...(wanted.values === "corrected" && without.length
      ? [say(words.no_baseline, { wells: without.map((one) => one.well).join(", ") })] : []),
    ...(wanted.values === "exported" ? [words.threshold_hidden] : []),
    ...(broken ? [words.log_breaks] : []), words.curve_quantised,
  ];
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function moved(made, key, whole) {
  const rows = [...document.querySelectorAll("#plate tbody tr")].map((row) => [...row.querySelectorAll("td")]);
  const row = rows.findIndex((cells) => cells.includes(made));
  const column = rows[row].indexOf(made);
  if (key === "Home") return rows[whole ? 0 : row][0];
  if (key === "End") return rows[whole ? rows.length - 1 : row].at(-1);
  const [down, right] = STEPS[key] ?? [0, 0];
  return rows[row + down]?.[column + right];
}

document.getElementById("plate").addEventListener("keydown", (event) => {
  const made = event.target.closest("td.well");
  if (!made) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    chooseWell(made, event.ctrlKey || event.shiftKey);
  } else if (event.key in STEPS || event.key === "Home" || event.key === "End") {
    event.preventDefault();
    const next = moved(made, event.key, event.ctrlKey);
    if (!next) return;
    chooseWell(next, false);
    next.focus();
  }
});
document.getElementById("plate").addEventListener("click", (event) => {
  const made = event.target.closest("td.well");
  if (made) chooseWell(made, event.ctrlKey || event.shiftKey || event.metaKey);
});
chooser.addEventListener("change", () => choose(chooser.value));
viewer.addEventListener("change", (event) => { if (event.target.type === "radio") draw(); });
document.getElementById("close").addEventListener("click", () => viewer.close());
document.getElementById("older").addEventListener("click", () => step(-1));
document.getElementById("newer").addEventListener("click", () => step(1));
function step(by) {
  const next = runsWithPlate[runsWithPlate.indexOf(opened.place) + by];
  if (next !== undefined) openRun(next);
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  // The plates stand behind this script; until the page is read to its end there is nothing to open.
  if (opener && document.readyState !== "loading") openRun(Number(opener.dataset.open), opener.dataset.sample);
});
let redraw = 0;
window.addEventListener("resize", () => {
  clearTimeout(redraw);
  redraw = setTimeout(() => { if (viewer.open) draw(); }, 150);
});
