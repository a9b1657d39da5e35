/**
 * What k6.js imports, for Node: as much of `k6`, `k6/http` and `k6/metrics` as it uses, with one thread and no time. Requests are answered
 * by the fakes' own pages, by two servers in turn.
 */
import { Payload } from '../../backends/payload.ts'

interface Params {
  readonly headers: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

/** All that happened. */
export const seen = {
  requests: [] as { method: string; path: string; name: string; body: string | null }[],
  checks: { passed: 0, failed: 0 },
  /** Seconds. */
  slept: 0,
  /** By metric and server. */
  values: {} as Record<string, Record<string, number[]>>,
}

const payloads = [new Payload('b1'), new Payload('b2')]
let broken = ''

/** What is wrong with every answer from now on: `status`, `body`, `json` or `gone`. */
export function spoil(how: string): void {
  broken = how
}

function request(method: string, url: string, body: string | null, { tags }: Params): unknown {
  const { pathname, search } = new URL(url)
  const { requests } = seen
  const path = pathname + search
  const turn = requests.length % 2
  requests.push({ method, path, name: tags.name, body })
  const timings = { duration: requests.length }
  if (broken === 'gone') return { status: 0, headers: {}, body: null, timings }
  const text = payloads[broken === 'body' ? 1 - turn : turn].of(path).toString()
  return {
    status: broken === 'status' ? 500 : 200,
    headers: { 'X-Served-By': `b${turn + 1}` },
    body: method === 'HEAD' ? null : broken === 'json' ? text.slice(1) : text,
    timings,
  }
}

export default { request }

export function check(
  answer: unknown,
  sets: Record<string, (answer: unknown) => boolean>,
): boolean {
  const passed = Object.values(sets).every((judge) => judge(answer))
  seen.checks[passed ? 'passed' : 'failed']++
  return passed
}

export function sleep(seconds: number): void {
  seen.slept += seconds
}

class Metric {
  private readonly values: Record<string, number[]>

  constructor(name: string) {
    this.values = seen.values[name] = {}
  }

  add(value: number, { server }: { server: string }): void {
    const list = (this.values[server] ??= [])
    list.push(value)
  }
}

export { Metric as Counter, Metric as Trend }
