import type { Fields } from '../../simulator/check/kinds.ts'
import { EVENT, OPERATOR, SET } from '../../simulator/check/events.ts'
import * as policy from '../../simulator/check/policy.ts'
import { INFORMATION, SCENARIO } from '../../simulator/check/scenario.ts'
import * as servers from '../../simulator/check/servers.ts'
import { arrivals, keys, work } from '../../simulator/check/work.ts'

const OPEN = '<!-- fields -->'
const CLOSE = '<!-- /fields -->'

/** Each part of a scenario, under the heading that links name. */
const PARTS: Readonly<Record<string, Fields>> = {
  Scenario: SCENARIO,
  Servers: servers.SERVER,
  Failure: servers.FAILURE,
  Cold: servers.COLD,
  Cache: servers.CACHE,
  Antagonist: servers.ANTAGONIST,
  Information: INFORMATION,
  Events: EVENT,
  Set: SET,
  Operator: OPERATOR,
  Policy: policy.POLICY,
  Retries: policy.RETRIES,
  Backoff: policy.BACKOFF,
  Ejection: policy.EJECTION,
  'Slow start': policy.SLOW_START,
  Checks: policy.CHECKS,
  Queue: policy.QUEUE,
  Hedging: policy.HEDGING,
}

/** Those that have a `type`, which says what else they have. A distribution has the types of work but `recorded`. */
const TYPED = { Arrivals: arrivals.types, Work: work.types, Keys: keys.types }

/** simulator/README.md as it should be: its tables of fields are those of the checker. The rest is prose, and left as it is. */
export function scenariosInStep(page: string): string {
  const [open, close] = [page.indexOf(OPEN), page.indexOf(CLOSE)]
  if (open < 0 || close < open) throw new Error(`the page has no ${OPEN} … ${CLOSE}`)
  const parts = Object.entries(PARTS).map(([name, fields]) => `### ${name}\n\n${table(fields)}`)
  const typed = Object.entries(TYPED).map(([name, types]) => {
    const rows = Object.entries(types).flatMap(([type, fields]) =>
      Object.entries(fields).map(([field, each]) => `| \`${type}\` ${row(field, each)}`),
    )
    return `### ${name}\n\n| type | field | what it is | what it can be | default |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`
  })
  const text = [...parts, ...typed].join('\n\n')
  return `${page.slice(0, open)}${OPEN}\n\n${text}\n\n${page.slice(close)}`
}

function table(fields: Fields): string {
  const rows = Object.entries(fields).map(([name, field]) => row(name, field))
  return `| field | what it is | what it can be | default |\n| --- | --- | --- | --- |\n${rows.join('\n')}`
}

function row(name: string, { fallback, help, kind, required }: Fields[string]): string {
  return `| \`${name}\` | ${help} | ${kind.says} | ${required ? 'required' : fallback} |`
}
