/** One family of an exposition. */
export interface ParsedFamily {
  type: string
  help: string
  /** By name and sorted labels. */
  series: Map<string, ParsedSeries>
}

interface ParsedSeries {
  name: string
  labels: Record<string, string>
  value: number
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/
const NUMBER = /^ ([+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN)$/

/**
 * Reads the text format of Prometheus (0.0.4) strictly: throws for whatever the format does not allow, and for series that
 * come twice, have no type, or stand in another family.
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, ParsedFamily>()
  let help: string | undefined
  let current: [string, ParsedFamily] | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, keyword, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (keyword === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`)
      help = rest
    } else if (keyword === 'TYPE') {
      if (help === undefined) throw new Error(`TYPE without HELP: ${line}`)
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(line)
      const family = { type: rest, help, series: new Map<string, ParsedSeries>() }
      families.set(name, family)
      current = [name, family]
      help = undefined
    } else {
      if (current === undefined || help !== undefined) throw new Error(`not in a family: ${line}`)
      addSeries(current[0], current[1], parseSeries(line))
    }
  }
  for (const [name, family] of families)
    if (family.type === 'histogram') checkHistogram(name, family)
  return families
}

function addSeries(name: string, family: ParsedFamily, series: ParsedSeries): void {
  const suffix = series.name.slice(name.length)
  const allowed = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  if (!series.name.startsWith(name) || !allowed.includes(suffix)) {
    throw new Error(`${series.name} stands in the family ${name}`)
  }
  const labels = Object.keys(series.labels)
    .toSorted()
    .map((label) => [label, series.labels[label]])
  const key = `${series.name}${JSON.stringify(labels)}`
  if (family.series.has(key)) throw new Error(`twice: ${key}`)
  family.series.set(key, series)
}

function parseSeries(line: string): ParsedSeries {
  const name = NAME.exec(line)?.[0]
  if (name === undefined) throw new Error(`no name: ${line}`)
  let rest = line.slice(name.length)
  const labels: Record<string, string> = {}
  if (rest.startsWith('{')) {
    rest = rest.slice(1)
    while (!rest.startsWith('}')) {
      const match = LABEL.exec(rest)
      if (match === null || match[1] in labels) throw new Error(`bad label: ${line}`)
      labels[match[1]] = match[2].replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char))
      rest = rest.slice(match[0].length)
      if (rest.startsWith(',')) rest = rest.slice(1)
      else if (!rest.startsWith('}')) throw new Error(`bad labels: ${line}`)
    }
    rest = rest.slice(1)
  }
  const number = NUMBER.exec(rest)?.[1]
  if (number === undefined) throw new Error(`bad value: ${line}`)
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) }
}

/** Cumulative, in order, and the last bucket is all of them. */
function checkHistogram(name: string, family: ParsedFamily): void {
  const groups = new Map<
    string,
    { bounds: number[]; counts: number[]; sum?: number; count?: number }
  >()
  for (const series of family.series.values()) {
    const { le, ...labels } = series.labels
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? { bounds: [], counts: [] }
    groups.set(key, group)
    if (series.name === `${name}_sum`) group.sum = series.value
    else if (series.name === `${name}_count`) group.count = series.value
    else {
      group.bounds.push(Number(le.replace('Inf', 'Infinity')))
      group.counts.push(series.value)
    }
  }
  for (const [key, { bounds, counts, sum, count }] of groups) {
    const rising = bounds.every((bound, i) => i === 0 || bound > bounds[i - 1])
    const cumulative = counts.every((value, i) => i === 0 || value >= counts[i - 1])
    const complete = bounds.at(-1) === Infinity && counts.at(-1) === count && sum !== undefined
    if (!rising || !cumulative || !complete) throw new Error(`bad histogram ${name} ${key}`)
  }
}
