// Amplification curves by uPlot: threshold and baseline are lines of data, the cut-off is drawn over them.
const INK = "#14202b";
const LIMIT = "#a00f38";
const LEGEND_MOST = 10;
const BASELINES_MOST = 4;
const DECADES = 3;

const shown = (value) => String(value).replace(".", data.decimal);
const digits = (value, count = 4) => (value === null || value === undefined ? "–"
  : shown(Number(value.toPrecision(count))));
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const known = (values) => values.filter((value) => value !== null);
const highest = (values) => known(values).reduce((a, b) => Math.max(a, b), -Infinity);
const lowest = (values) => known(values).reduce((a, b) => Math.min(a, b), Infinity);

// The height of a typical positive of the run, so that noise is never drawn large.
function typicalTop(plate, units, values) {
  const tops = plate.reactions.filter((one) => one.curve === "standard" && units.has(one.unit))
    .map((one) => highest(one[values])).filter(Number.isFinite);
  return tops.length ? median(tops) : 0;
}

function linearRange(lines, top) {
  const low = Math.min(0, ...lines.map((line) => lowest(line)).filter(Number.isFinite));
  return [Math.max(low * 1.08, -0.2 * top) || -0.04 * top, top * 1.08];
}

// Raw fluorescence starts far above zero; its axis follows the curves.
function exportedRange(lines) {
  const ends = [Math.min(...lines.map(lowest)), Math.max(...lines.map(highest))];
  const room = (ends[1] - ends[0]) * 0.06 || Math.abs(ends[1]) * 0.06 || 1;
  return [ends[0] - room, ends[1] + room];
}

function logRange(thresholds, top) {
  const least = thresholds.length ? Math.floor(Math.log10(Math.min(...thresholds))) - 1
    : Math.floor(Math.log10(top)) - DECADES;
  return [10 ** Math.min(least, Math.ceil(Math.log10(top)) - 2), top * 1.6];
}

function range(setting, lines, thresholds, top) {
  if (setting.log && setting.values === "exported" && lines.every((line) => lowest(line) > 0)) {
    return [Math.min(...lines.map(lowest)) / 1.2, Math.max(...lines.map(highest)) * 1.2];
  }
  if (setting.log) return logRange(thresholds, top);
  return setting.values === "exported" && lines.some((line) => lowest(line) > 0.2 * highest(line))
    ? exportedRange(lines) : linearRange(lines, top);
}

function series(label, colour, dash, width) {
  return {
    label, stroke: colour, dash: dash.map((length) => length * 1.6), width, spanGaps: false,
    points: { show: false }, value: (_, value) => digits(value),
  };
}

function across(plot, at, label) {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(at, "x", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = LIMIT;
  ctx.fillStyle = LIMIT;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillText(label, x - 4 * devicePixelRatio, bbox.top + 4 * devicePixelRatio);
  ctx.restore();
}

// A ring where the instrument's Ct meets its threshold.
function crossings(plot, reactions) {
  const { ctx } = plot;
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const one of reactions.filter((reaction) => reaction.ct !== null && reaction.threshold > 0)) {
    ctx.strokeStyle = styleOf(one.assay).colour;
    ctx.beginPath();
    ctx.arc(plot.valToPos(one.ct, "x", true), plot.valToPos(one.threshold, "y", true), 4 * devicePixelRatio, 0, 7);
    ctx.stroke();
  }
  ctx.restore();
}

// Return the lines of a figure: x, curves, thresholds, baselines; each with its series.
function figureOf(plate, reactions, setting) {
  const drawn = reactions.filter((one) => known(one.exported).length);
  const cycles = Math.max(0, ...drawn.map((one) => one.cycles));
  const x = Array.from({ length: cycles }, (_, cycle) => cycle + 1);
  const padded = (values) => x.map((_, cycle) => values[cycle] ?? null);
  const corrected = setting.values === "corrected";
  const lines = drawn.map((one) => padded(one[setting.values]));
  const thresholds = corrected
    ? [...new Set(drawn.map((one) => one.threshold).filter((level) => level > 0))] : [];
  const baselines = corrected || drawn.length > BASELINES_MOST ? []
    : drawn.filter((one) => one.intercept !== null);
  const thick = drawn.length > LEGEND_MOST ? 1.2 : 2;
  const units = new Set(drawn.map((one) => one.unit));
  const top = Math.max(...lines.map(highest), typicalTop(plate, units, setting.values), ...thresholds) || 1;
  return {
    drawn, cycles, thresholds, baselines,
    range: drawn.length ? range(setting, lines, thresholds, top > 0 ? top : 1) : [0, 1],
    unit: [...units].map((unit) => wordOf(data.curve_kinds,
      corrected || ["dRn", "rfu"].includes(unit) ? unit : `${unit}_uncorrected`)).join(" / "),
    data: [x, ...lines, ...thresholds.map((level) => x.map(() => level)),
      ...baselines.map((one) => x.map((_, cycle) => one.intercept + one.slope * cycle))]
      .map((line, at) => (at && setting.log ? line.map((value) => (value > 0 ? value : null)) : line)),
    series: [{ label: words.axis_cycle, value: (_, value) => (value ?? "–") },
      ...drawn.map((one) => series(`${one.well} ${one.assay}`, styleOf(one.assay).colour, styleOf(one.assay).dash, thick)),
      ...thresholds.map((level) => series(say(words.threshold, { value: digits(level, 3) }), INK, [4, 3], 1)),
      ...baselines.map((one) => series(say(words.baseline, { curve: `${one.well} ${one.assay}` }), INK, [1, 2], 1))],
  };
}

let plot = null;

// Draw the curves and return the figure; a figure without a curve draws nothing.
function drawCurves(plate, reactions, setting) {
  const place = document.getElementById("curve");
  if (plot) plot.destroy();
  plot = null;
  const figure = figureOf(plate, reactions, setting);
  if (!figure.drawn.length) return figure;
  const limited = figure.drawn.some((one) => styleOf(one.assay).limited);
  plot = new uPlot({
    width: Math.max(280, place.clientWidth), height: matchMedia("(max-width: 70rem)").matches ? 280 : 340, series: figure.series,
    legend: {
      show: figure.drawn.length <= LEGEND_MOST,
      markers: { dash: (made, at) => (made.series[at].dash?.length ? "dashed" : "solid") },
    },
    scales: {
      x: { time: false, range: [1, figure.cycles] },
      y: { distr: setting.log ? 3 : 1, log: 10, range: figure.range },
    },
    axes: [
      { label: words.axis_cycle, stroke: INK, size: 32, labelSize: 24, values: (_, ticks) => ticks.map(shown) },
      { label: figure.unit, stroke: INK, size: 62, labelSize: 24, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : digits(tick, 6))) },
    ],
    cursor: { y: false },
    hooks: {
      draw: [(made) => {
        if (limited) across(made, data.ct_limit, say(words.cut_off, { limit: shown(data.ct_limit) }));
        if (setting.values === "corrected") crossings(made, figure.drawn);
      }],
    },
  }, figure.data, place);
  return figure;
}
