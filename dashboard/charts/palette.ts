/**
 * Colours of Okabe and Ito ("Color Universal Design", 2008), which people tell apart whatever colours they see, deepened on white where
 * they are pale. As in ../colours.css.
 */
const LIGHT = [
  '#0072b2',
  '#c27c00',
  '#009e73',
  '#b9588f',
  '#2f8fcb',
  '#d55e00',
  '#8f8600',
  '#6b7280',
  '#1b1f24',
]
const DARK = [
  '#3d9bd6',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#f0e442',
  '#9ca3af',
  '#e6e9ed',
]

/** Strokes and gaps, in pixels, since eight colours are not enough and paper has none. */
export const DASHES = ['', '7 3', '2 3', '9 3 2 3'] as const

/** A colour and a dash for each strategy, the same in every chart. Those often seen together differ in colour. */
const LOOKS: Readonly<Record<string, readonly [colour: number, dash: number]>> = {
  round_robin: [0, 0],
  least_connections: [1, 0],
  power_of_two: [2, 0],
  random: [3, 0],
  peak_ewma: [4, 0],
  least_response_time: [5, 0],
  join_idle_queue: [6, 0],
  weighted_round_robin: [7, 0],
  edf: [0, 1],
  maglev: [1, 1],
  rendezvous: [2, 1],
  prequal: [3, 1],
  aperture: [4, 1],
  bounded_load: [5, 1],
  ring_hash: [6, 1],
  static_stride: [7, 1],
  reported_load: [0, 2],
  first: [5, 2],
  least_work: [7, 2],
}

/** What a strategy that is in no registry looks like: like text. */
const OTHER = [8, 0] as const

export function lookOf(strategy: string): { readonly colour: number; readonly dash: number } {
  const [colour, dash] = LOOKS[strategy] ?? OTHER
  return { colour, dash }
}

/** Text, rules and series, for light and for dark. Classes rather than variables: not every viewer of files knows those. */
export const STYLE = [
  'text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}',
  theme('#ffffff', '#1b1f24', '#5d656f', '#e3e3dd', LIGHT),
  `@media (prefers-color-scheme:dark){${theme('#171b21', '#e6e9ed', '#98a1ac', '#2c333c', DARK)}}`,
].join('\n')

function theme(
  surface: string,
  text: string,
  muted: string,
  rule: string,
  series: readonly string[],
): string {
  return [
    `.surface{fill:${surface}}`,
    `text{fill:${text}}`,
    `.muted{fill:${muted}}`,
    `.rule{stroke:${rule}}`,
    `.mark{stroke:${muted}}`,
    `.whisker{stroke:${text}}`,
    ...series.map((colour, i) => `.s${i}{stroke:${colour}}.f${i}{fill:${colour}}`),
  ].join('')
}
