import { didYouMean } from '../core/did-you-mean.ts'
import { show } from '../core/problems.ts'
import { Refusal } from './refusal.ts'

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly fields?: Readonly<Record<string, string>>
}

/** A request as a route sees it. */
export interface Ask {
  /** In the path, where the route has one. */
  readonly id: string
  readonly query: Readonly<Partial<Record<string, string>>>
  /** Parsed, not checked. */
  readonly body: unknown
  readonly ifMatch: string | undefined
  /** Nobody waits for the answer any more. */
  readonly gone: AbortSignal
}

export interface Route {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE'
  /** `/servers/{id}` */
  readonly path: string
  readonly summary: string
  /** Name of the schema of what comes in, if anything does. */
  readonly body?: string
  /** What may follow a question mark, and what it means. */
  readonly query?: Readonly<Record<string, string>>
  /** `If-Match` is heeded. */
  readonly matches?: boolean
  /** What may come back beside what any route may answer: the name of a schema, or nothing. */
  readonly answers: Readonly<Record<number, string | undefined>>
  run(ask: Ask): Answer | Promise<Answer>
}

/** The route that a request is for. Throws a `Refusal`. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  target: string,
): { route: Route; id: string; query: Ask['query'] } {
  const [, path, search = ''] = /^([^?]*)(?:\?(.*))?$/.exec(target) ?? []
  const there = routes.filter((route) => idIn(route.path, path) !== undefined)
  if (there.length === 0) throw new Refusal(404, 'not_found')
  const wanted = method === 'HEAD' ? 'GET' : method
  const route = there.find((each) => each.method === wanted)
  if (route === undefined) {
    const allowed = there.flatMap((each) => (each.method === 'GET' ? ['GET', 'HEAD'] : each.method))
    throw new Refusal(405, 'method_not_allowed', [], { Allow: allowed.join(', ') })
  }
  return { route, id: idIn(route.path, path)!, query: queryOf(route, search) }
}

/** Empty where the route has none; undefined if the path is another. */
function idIn(pattern: string, path: string): string | undefined {
  const [start, end] = pattern.split('{id}')
  if (end === undefined) return path === pattern ? '' : undefined
  const fits = path.startsWith(start) && path.endsWith(end) && path.length > pattern.length - 4
  const rest = fits ? path.slice(start.length, path.length - end.length) : ''
  if (rest === '' || rest.includes('/')) return undefined
  try {
    return decodeURIComponent(rest)
  } catch {
    return rest
  }
}

function queryOf({ query = {} }: Route, search: string): Ask['query'] {
  const known = Object.keys(query)
  const given = new URLSearchParams(search)
  const problems = [...new Set(given.keys())].flatMap((key) => {
    if (given.getAll(key).length > 1) return [`${show(key)} in the query is given twice`]
    if (known.includes(key)) return []
    const meant = didYouMean(key, known)
    const hint =
      meant === undefined ? `there is ${known.join(', ') || 'none'}` : `did you mean ${meant}?`
    return [`${show(key)} is not known in the query: ${hint}`]
  })
  if (problems.length > 0) throw new Refusal(400, 'bad_request', problems)
  return Object.fromEntries(given)
}
