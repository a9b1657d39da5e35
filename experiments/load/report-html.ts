import type { Chart, Series } from '../../dashboard/charts/chart.ts'
import { draw } from '../../dashboard/charts/draw.ts'
import { STYLE } from '../../dashboard/charts/palette.ts'
import type { Histogram } from '../../proxy/core/histogram.ts'
import { count, milliseconds, percent } from '../../simulator/format.ts'
import { xml } from '../check/report-junit.ts'
import { conservationText, headOf, noServers, rehearsalText, shareNote } from './report-words.ts'
import type { Line, LoadReport, Times } from './report.ts'
import type { Second } from './seconds.ts'

/** One page that needs nothing but itself: no scripts, no fonts, nothing from anywhere. */
export function htmlReport(report: LoadReport, response: Histogram): string {
  const {
    checks,
    invalidBecause,
    lag,
    pages,
    reasons,
    requests,
    serverHeader,
    servers,
    thresholds,
    times,
  } = report
  const rehearsal = rehearsalText(report)
  const title = `Load on ${report.target}`
  const parts = [
    `<h1>${xml(title)}</h1>`,
    `<p>${xml(headOf(report))}. Began ${xml(report.began)}; evenkeel ${xml(report.versions.evenkeel)}, Node ${xml(report.versions.node)}, ${xml(Object.values(report.machine).join(', '))}.</p>`,
    ...(report.interrupted ? ['<p class="bad">Stopped before its end.</p>'] : []),
    ...invalidBecause.map((why) => `<p class="bad"><b>INVALID</b>: ${xml(why)}.</p>`),
    ...table(
      'Thresholds',
      ['threshold', 'verdict', 'seen'],
      thresholds.map((each) => [
        each.text,
        VERDICTS[each.verdict],
        [each.seen, each.why].filter((part) => part !== '').join(' · '),
      ]),
    ),
    ...table(
      'Times, ms',
      ['', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
      [
        ['response, from when it was due', ...spread(times.response)],
        ['service, from when it was sent', ...spread(times.service)],
        ['lateness of the generator', ...spread(times.lateness)],
      ],
    ),
    ...charts(report.seconds, response).map(
      (chart) =>
        `<figure><figcaption>${xml(chart.title)}</figcaption>${draw(chart, { styled: false })}</figure>`,
    ),
    ...table(
      'Servers',
      ['server', 'answers', 'share', '95 %', 'errors', 'p50', 'p95', 'p99', 'max'],
      servers.map((line) => [
        line.name,
        count(line.answers),
        percent(line.share),
        `${percent(line.low)} to ${percent(line.high)}`,
        ...figures(line),
      ]),
    ),
    `<p>${xml(servers.length > 0 ? shareNote(serverHeader) : noServers(serverHeader))}</p>`,
    ...table(
      'Pages',
      ['page', 'answers', 'errors', 'p50', 'p95', 'p99', 'max'],
      pages.map((line) => [line.name, count(line.answers), ...figures(line)]),
    ),
    ...table(
      'Checks',
      ['check', 'passed', 'failed'],
      checks.map(({ failed, name, passed }) => [name, count(passed), count(failed)]),
    ),
    '<h2>Requests</h2>',
    `<p>${xml(conservationText(requests).join(' '))}.</p>`,
    ...table(
      '',
      ['failed or not sent', 'requests'],
      reasons.map((each) => [each.reason, count(each.count)]),
    ),
    ...(rehearsal === undefined ? [] : [`<p>Rehearsal: ${xml(rehearsal)}.</p>`]),
    `<p>Event loop of the generator: late by ${milliseconds(lag.generator.p99)} ms at p99, busy ${percent(lag.generator.busy)}${lag.proxy === null ? '' : `; of the proxy: late by ${milliseconds(lag.proxy.p99)} ms at p99 since it started`}.</p>`,
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${xml(title)}</title>
<style>
${PAGE}
${STYLE}
</style>
<main>
${parts.join('\n')}
</main>
</html>
`
}

const VERDICTS = { pass: '✓ pass', fail: '✗ fail', undecided: '? undecided' } as const

/** A verdict has its colour, beside its sign and its word. */
function toneOf(cell: string): string {
  const found = Object.entries(VERDICTS).find(([, text]) => text === cell)
  return found === undefined ? '' : ` class="${found[0]}"`
}

const PAGE = `:root{color-scheme:light dark;--line:#8883;--soft:#777;--good:#0a7d3c;--bad:#c2330a;--open:#946200}
@media (prefers-color-scheme:dark){:root{--soft:#999;--good:#4cc38a;--bad:#ff8a65;--open:#e5b454}}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:0}
main{max-width:60rem;margin:auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2rem 0 .25rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
h1+p{color:var(--soft)}
.wide{overflow-x:auto}
table{border-collapse:collapse;margin:.25rem 0}
th,td{padding:.3rem .8rem;text-align:right;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;white-space:nowrap}
th{font-weight:600;color:var(--soft)}
th:first-child,td:first-child{text-align:left;padding-left:0}
td:first-child{white-space:normal;min-width:7rem}
.pass{color:var(--good)}.fail,.bad{color:var(--bad)}.undecided{color:var(--open)}
figure{margin:2rem 0 1rem;overflow-x:auto}
figcaption{font-weight:600;margin-bottom:.25rem}
svg{display:block;max-width:100%;min-width:30rem;height:auto}
.bad{border-left:4px solid;padding-left:.7rem}
@media (max-width:40rem){th,td{padding:.3rem .5rem}main{padding-top:1rem}}`

function charts(seconds: readonly Second[], response: Histogram): Chart[] {
  const drawn: Chart[] = []
  if (seconds.length > 1) {
    drawn.push(
      {
        kind: 'lines',
        title: 'Requests a second',
        x: { label: 'seconds' },
        y: { label: 'requests in the second' },
        series: [
          line(
            'due',
            0,
            seconds.map(({ due, t }) => [t, due]),
          ),
          line(
            'answered',
            1,
            seconds.map(({ answered, t }) => [t, answered]),
          ),
          line(
            'failed',
            2,
            seconds.map(({ errors, failed, shed, t }) => [t, failed + errors + shed]),
          ),
        ],
      },
      {
        kind: 'lines',
        title: 'Response time of what was answered in each second',
        x: { label: 'seconds' },
        y: { label: 'response time (ms)' },
        series: [
          line(
            'p99',
            1,
            seconds.flatMap(({ p99, t }) => (p99 === null ? [] : [[t, p99]])),
          ),
          line(
            'p50',
            0,
            seconds.flatMap(({ p50, t }) => (p50 === null ? [] : [[t, p50]])),
          ),
        ].filter(({ points }) => points.length > 0),
      },
    )
  }
  if (response.count > 1) {
    // Equally far apart on the way to 100 %: 90 %, 99 %, 99.9 %, as long as there is a request beyond.
    const nines = Array.from({ length: 41 }, (_, i) => i / 8).filter(
      (n) => 10 ** n <= response.count,
    )
    drawn.push({
      kind: 'lines',
      title: 'Response time by how many took longer',
      x: { label: 'one request in so many took longer', scale: 'log', from: 1 },
      y: { label: 'response time (ms)' },
      series: [
        line(
          'response',
          0,
          nines.map((n) => [10 ** n, response.quantile(1 - 10 ** -n)]),
        ),
      ],
    })
  }
  return drawn.filter((chart) => chart.kind === 'bars' || chart.series.length > 0)
}

function line(label: string, colour: number, points: readonly (readonly number[])[]): Series {
  return {
    label,
    strategy: label,
    colour,
    dash: colour,
    points: points.map(([x, mean]) => ({ x, mean })),
  }
}

function spread({ max, mean, p50, p90, p95, p99, p999 }: Times): string[] {
  return [mean, p50, p90, p95, p99, p999, max].map(milliseconds)
}

function figures({ errors, response: { max, p50, p95, p99 } }: Line): string[] {
  return [count(errors), ...[p50, p95, p99, max].map(milliseconds)]
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return []
  const cells = (name: 'td' | 'th', row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${name}${toneOf(cell)}>${xml(cell)}</${name}>`).join('')}</tr>`
  return [
    ...(title === '' ? [] : [`<h2>${xml(title)}</h2>`]),
    '<div class="wide"><table>',
    cells('th', head),
    ...rows.map((row) => cells('td', row)),
    '</table></div>',
  ]
}
