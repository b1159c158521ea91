"""What the simulator assumes, a sentence each, for the validation report."""

ASSUMPTIONS: tuple[str, ...] = (
    "Truth is fixed before the first cycle: each tube has a mean number of copies of each deletion "
    "allele, and the number of molecules that reach it is drawn from a Poisson distribution.",
    "Which primer pair amplifies which allele, and the length of the product, is the in-silico "
    "products table of the panel; the same table is used to call, so the study cannot show that "
    "this table is right.",
    "Each molecule is copied in a cycle with a probability, the efficiency: at random below 10,000 "
    "molecules, on average above.",
    "Efficiency belongs to an assay on a plate; products beyond 250 bp lose 4 % of it per 100 bp.",
    "A primer with a poor site starts on a fixed share of the templates.",
    "Single copies cross the threshold at Ct 40.5 at efficiency 0.95 on every instrument, from a "
    "published plasmid series (15 copies at Ct 36.45).",
    "Growth slows because the enzyme is shared by all product and because the probe is used up; "
    "how soon was fitted to real curves of each instrument.",
    "The control gene has two copies per diploid genome of 6.6 pg; what the sample sheet says of "
    "the DNA may differ from what is in the tube.",
    "The background of a well has a level, a drift, a bend, unsettled first cycles and a random "
    "walk, each normally distributed between wells and independent of the others, with sizes "
    "fitted to real curves.",
    "Noise of a cycle is normal and independent between cycles before the instrument's smoothing; "
    "a part grows with the light and a part does not.",
    "Without a passive reference, level and signal of a well share one random factor.",
    "The instrument's own Ct is where the curve, less a line or a mean of the baseline, last "
    "crosses a fixed threshold on its way up.",
    "An inhibitor multiplies the efficiency of every reaction of the sample, the control gene "
    "among them, in all cycles alike.",
    "Contamination is foreign template of full efficiency in single reactions, in all reactions "
    "of a sample or in a control.",
    "A well without mix keeps a small share of the light while the detector's own noise stays; a "
    "dead well has its background and never amplifies.",
    "Over a plate, gain and background change evenly along columns and rows, efficiency evenly "
    "from corner to corner, and outer wells dry: fluorescence climbs late and convex.",
    "Drift, convex rise, jump, step back, spike, slow wave, hook and detector saturation are added "
    "to the finished curve, with sizes that the study chooses.",
    "Wrong sheets are exchanged names of two samples or two assays; the tubes keep what was "
    "pipetted.",
    "Tubes are independent of each other but for what plate, assay and sample share.",
    "Not simulated: unspecific products and primer dimers, melting and cross-talk between dyes, "
    "competition of several templates for primers, degraded DNA, sequence variants under primers, "
    "carry-over that depends on neighbouring wells, inhibitors that wear off or strike assays "
    "unequally, and polymerase errors.",
    "One plate or a few stand behind each instrument profile: the profiles show what occurs, not "
    "how a make of instruments is.",
    "Neither the curve rules nor the calling rules are used by the simulator, and no constant was "
    "chosen by what they make of its curves.",
)
