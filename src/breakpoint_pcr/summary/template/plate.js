// The plate of a run: its island, read when it is opened, and the grid of its wells.
const MISSING = 0xffff;
const PARTS = 4;

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new DataView(bytes.buffer);
}

// Return the reactions of a run, each with the values of its curve; null is no value.
function readPlate(place) {
  const packed = JSON.parse(document.getElementById(`plate-${place}`).textContent);
  const stored = bytesOf(packed.curves);
  let at = 0;
  // A column in which every row is the same holds that one value instead of a list.
  const entry = (column, row) => (Array.isArray(column) ? column[row] : column);
  const reactions = Array.from({ length: packed.count }, (_, row) => {
    const one = {};
    for (const name of Object.keys(packed.named)) one[name] = packed.texts[entry(packed.named[name], row)];
    for (const name of Object.keys(packed.numbers)) one[name] = entry(packed.numbers[name], row);
    one.exported = Array.from({ length: one.cycles }, () => {
      const step = stored.getUint16(at, true);
      at += 2;
      return step === MISSING ? null : one.low + one.step * step;
    });
    one.corrected = one.intercept === null ? one.exported : one.exported.map((value, cycle) =>
      (value === null ? null : value - one.intercept - one.slope * cycle));
    return one;
  });
  return { size: packed.size, reactions };
}

const styleOf = (assay) => (Object.hasOwn(data.styles, assay) ? data.styles[assay]
  : { colour: "#7a8691", ink: "#14202b", dash: [], limited: false });

function rowName(row) {
  const first = Math.floor(row / 26);
  return (first ? String.fromCharCode(64 + first) : "") + String.fromCharCode(65 + (row % 26));
}

function shortened(name, letters) {
  const signs = [...name];
  if (signs.length <= letters) return name;
  const head = Math.floor((letters - 1) / 2);
  return `${signs.slice(0, head).join("")}…${signs.slice(signs.length - (letters - 1 - head)).join("")}`;
}

const MARKS = { review: "▲", invalid: "✕" };
// A blank that is positive is filled like any positive, and marked, for it undoes its assay's results.
// Wild-type DNA has the control gene.
const isBlank = (one) => one.role === "ntc" || (one.role === "negative_control" && styleOf(one.assay).limited);
const markOf = (one) => (one.outcome === "positive" && isBlank(one) ? "▲" : MARKS[one.outcome] ?? "");
const ctWord = (one) => one.ct_text || (["ok", "undetermined"].includes(one.state) ? "–" : "×");
const outcomeWord = (one) => (one.outcome ? wordOf(data.outcomes, one.outcome) : words.outcome_none);

function part(one) {
  const made = element("span", `part is-${one.outcome || "off"}`, `${markOf(one)}${ctWord(one)}`);
  if (one.outcome === "positive") {
    const style = styleOf(one.assay);
    made.style.backgroundColor = style.colour;
    made.style.color = style.ink;
  }
  return made;
}

function drawWell(name, inside, letters) {
  const made = element("td", inside.length ? "well" : "well empty");
  made.setAttribute("role", "gridcell");
  made.setAttribute("aria-selected", "false");
  made.tabIndex = -1;
  made.dataset.well = name;
  if (!inside.length) {
    made.setAttribute("aria-label", say(words.well_empty, { well: name }));
    return made;
  }
  const said = inside.map((one) => `${one.assay}: ${outcomeWord(one)}, ${words.ct} ${ctWord(one)}`).join("; ");
  const whose = inside[0].role === "unknown" ? inside[0].sample
    : `${inside[0].sample} (${wordOf(data.roles, inside[0].role)})`;
  made.setAttribute("aria-label", say(words.well_said, { well: name, sample: whose, reactions: said }));
  if (inside[0].role !== "unknown") made.classList.add("control");
  made.append(isolated(shortened(inside[0].sample, letters), "who"), ...inside.slice(0, PARTS).map(part));
  if (inside.length > PARTS) {
    made.append(element("span", "part", say(words.more_reactions, { count: inside.length - PARTS })));
  }
  return made;
}

function head(scope, text) {
  const made = element("th", "", text);
  made.setAttribute("role", scope === "col" ? "columnheader" : "rowheader");
  made.scope = scope;
  return made;
}

// Draw the grid; a reaction whose well has another kind of name stands in no place of it.
function drawPlate(plate) {
  const [rows, columns] = plate.size;
  const inside = new Map();
  for (const one of plate.reactions.filter((reaction) => reaction.row !== null)) {
    const key = `${one.row}/${one.column}`;
    inside.set(key, [...(inside.get(key) ?? []), one]);
  }
  const numbers = Array.from({ length: columns }, (_, column) => head("col", String(column + 1)));
  const table = document.getElementById("plate");
  const top = element("thead", "", element("tr", "", element("td"), ...numbers));
  const body = element("tbody", "");
  for (let row = 0; row < rows; row += 1) {
    const cells = Array.from({ length: columns }, (_, column) => drawWell(
      `${rowName(row)}${column + 1}`, inside.get(`${row}/${column}`) ?? [], columns > 12 ? 5 : 8));
    body.append(element("tr", "", head("row", rowName(row)), ...cells));
  }
  table.className = columns > 12 ? "dense" : "";
  table.replaceChildren(top, body);
  const first = body.querySelector("td:not(.empty)") ?? body.querySelector("td");
  if (first) first.tabIndex = 0;
  drawKey(plate);
}

function drawKey(plate) {
  const assays = [...new Set(plate.reactions.map((one) => one.assay))];
  document.getElementById("plate-key").replaceChildren(...assays.map((assay) => {
    const mark = element("span", "mark");
    mark.style.backgroundColor = styleOf(assay).colour;
    return element("li", "", mark, isolated(assay));
  }));
}
