/**
 * What a server says of its own load, in the answer to a probe or along with any other answer. A figure that it does not give
 * is NaN. Reports are late: they say how it was when they were sent.
 *
 * The figures and their names are those of the Open Request Cost Aggregation standard (ORCA, of Envoy and gRPC), with
 * the two that Prequal's probes carry.
 */
export interface Report {
  /** Requests that the server has in hand, from all its clients. */
  readonly inflight: number
  /** What it takes for a request at about this number in hand, in milliseconds. */
  readonly latency: number
  /** How much of what it can do is in use: 0 to 1, and above 1 when it is overloaded. */
  readonly utilization: number
  /** Requests a second. */
  readonly rate: number
  /** Failed requests a second. */
  readonly errorRate: number
}

/** A report to be filled, again and again. */
export type Draft = { -readonly [figure in keyof Report]: Report[figure] }

/** A report that says nothing, to make others from. */
export const SILENT: Report = {
  inflight: NaN,
  latency: NaN,
  utilization: NaN,
  rate: NaN,
  errorRate: NaN,
}

/** Makes `to` say what `from` says now. */
export function copyReport(from: Report, to: Draft): void {
  to.inflight = from.inflight
  to.latency = from.latency
  to.utilization = from.utilization
  to.rate = from.rate
  to.errorRate = from.errorRate
}

/** The field of an answer that carries a report, in lower case. */
export const REPORT_FIELD = 'endpoint-load-metrics'

/** A figure above this is a mistake or a joke: a thousand million requests, or eleven days of milliseconds. */
const MOST = 1e9

const TEXT = 'TEXT '
const JSON_FORM = 'JSON '
const EQUALS = 0x3d
const COLON = 0x3a

/**
 * The report as the field's value, in ORCA's form TEXT: `TEXT application_utilization=0.3, rps_fractional=120.5, eps=0,
 * named_metrics.rif=3, named_metrics.latency_ms=12.5`. To a thousandth; what is not known is left out, and a report that
 * says nothing is empty.
 *
 * The names are those of xds.data.orca.v3.OrcaLoadReport; the two that it has no field for are named metrics.
 */
export function writeReport(report: Report): string {
  const text =
    figure('application_utilization=', report.utilization) +
    figure('rps_fractional=', report.rate) +
    figure('eps=', report.errorRate) +
    figure('named_metrics.rif=', report.inflight) +
    figure('named_metrics.latency_ms=', report.latency)
  return text === '' ? '' : TEXT + text.slice(0, -2)
}

/**
 * Fills `into` with what the field's value says, and tells whether it says anything. Whatever cannot be a figure (negative, no
 * number, beyond all bounds) counts as not given. Never throws.
 *
 * Reads the forms TEXT and JSON. In TEXT a name and its figure are parted by `=`, as ORCA's design document has it, or by `:`,
 * as Envoy's parser does (source/common/orca/orca_parser.cc).
 */
export function readReport(text: string, into: Draft): boolean {
  into.inflight = into.latency = into.utilization = into.rate = into.errorRate = NaN
  if (text.startsWith(TEXT)) readText(text, into)
  else if (text.startsWith(JSON_FORM)) readJson(text.slice(JSON_FORM.length), into)
  return !(
    Number.isNaN(into.inflight) &&
    Number.isNaN(into.latency) &&
    Number.isNaN(into.utilization) &&
    Number.isNaN(into.rate) &&
    Number.isNaN(into.errorRate)
  )
}

function figure(label: string, value: number): string {
  return value >= 0 && value <= MOST ? `${label}${Math.round(value * 1000) / 1000}, ` : ''
}

function readText(text: string, into: Draft): void {
  let cpu = NaN
  for (let start = TEXT.length; start < text.length;) {
    const comma = text.indexOf(',', start)
    const end = comma < 0 ? text.length : comma
    while (text.charCodeAt(start) === 0x20) start++
    let sign = start
    while (sign < end && text.charCodeAt(sign) !== EQUALS && text.charCodeAt(sign) !== COLON) sign++
    const value = sign < end ? numberOf(text.slice(sign + 1, end)) : NaN
    if (named(text, start, sign, 'cpu_utilization')) cpu = value
    else if (named(text, start, sign, 'application_utilization')) into.utilization = value
    else if (named(text, start, sign, 'rps_fractional')) into.rate = value
    else if (named(text, start, sign, 'eps')) into.errorRate = value
    else if (named(text, start, sign, 'named_metrics.rif')) into.inflight = value
    else if (named(text, start, sign, 'named_metrics.latency_ms')) into.latency = value
    start = end + 1
  }
  into.utilization = utilizationOf(into.utilization, cpu)
}

/** In protobuf's JSON names come as they are or in camel case; printers prefer the latter. */
function readJson(text: string, into: Draft): void {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return
  }
  const metrics = member(data, 'named_metrics') ?? member(data, 'namedMetrics')
  into.inflight = amount(member(metrics, 'rif'))
  into.latency = amount(member(metrics, 'latency_ms'))
  into.rate = amount(member(data, 'rps_fractional') ?? member(data, 'rpsFractional'))
  into.errorRate = amount(member(data, 'eps'))
  into.utilization = utilizationOf(
    amount(member(data, 'application_utilization') ?? member(data, 'applicationUtilization')),
    amount(member(data, 'cpu_utilization') ?? member(data, 'cpuUtilization')),
  )
}

/** The application's own figure before the processor's; 0 is how protobuf says nothing (gRPC proposal A58). */
function utilizationOf(application: number, cpu: number): number {
  return application > 0 || Number.isNaN(cpu) ? application : cpu
}

function named(text: string, start: number, end: number, name: string): boolean {
  return end - start === name.length && text.startsWith(name, start)
}

/** A plain decimal; `Number` alone would take `0x1f`, and nothing at all for 0. */
const DECIMAL = /^\s*[\d.][\d.eE+-]*\s*$/

function numberOf(text: string): number {
  return DECIMAL.test(text) ? amount(Number(text)) : NaN
}

function amount(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= MOST ? value : NaN
}

function member(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, name)) return undefined
  return (data as Record<string, unknown>)[name]
}
