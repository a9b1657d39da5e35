import { OUTCOMES } from '../core/recorder.ts'
import { show } from '../core/problems.ts'
import type { RecentRequests, RequestFilter } from '../http/recent.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Ask, Route } from './route.ts'
import type { Steered } from './steered.ts'

const USUAL = 50
const MOST = 1000
/** Besides how requests end: they have not yet. */
const PENDING = 'pending'

/** What there is to ask about requests. */
export function requestRoutes(steered: Steered): Route[] {
  return [
    {
      method: 'GET',
      path: '/requests',
      summary: 'The latest requests, the newest first; those under way before those that are over.',
      query: {
        server: 'Only those that this server answered, or had last.',
        outcome: `Only those that ended so: ${OUTCOMES.join(', ')}, or ${PENDING}.`,
        limit: `How many at most, up to ${MOST}; otherwise ${USUAL}.`,
      },
      answers: { 200: 'Requests', 404: 'Error' },
      run: async ({ query }: Ask): Promise<Answer> => {
        const filter = filterOf(query)
        return { status: 200, body: { requests: await kept(steered).list(filter) } }
      },
    },
    {
      method: 'GET',
      path: '/requests/{id}/explain',
      summary:
        'Why a request went where it went: for each attempt who could have got it, with what the strategy looked at, who could not and why, and what came of it.',
      answers: { 200: 'Explanation', 404: 'Error' },
      run: async ({ id }: Ask): Promise<Answer> => {
        const story = await kept(steered).find(id)
        if (story === undefined) throw new Refusal(404, 'no_such_request')
        return { status: 200, body: story }
      },
    },
  ]
}

function kept({ recent }: Steered): RecentRequests {
  if (recent !== undefined) return recent
  throw new Refusal(404, 'not_kept', ['explain is switched off in the configuration'])
}

function filterOf({ limit = String(USUAL), outcome, server }: Ask['query']): RequestFilter {
  const problems: string[] = []
  const count = /^\d{1,4}$/.test(limit) ? Number(limit) : 0
  if (count < 1 || count > MOST) {
    problems.push(`limit must be a whole number from 1 to ${MOST}, got ${show(limit)}`)
  }
  const known: readonly string[] = [...OUTCOMES, PENDING]
  if (outcome !== undefined && !known.includes(outcome)) {
    problems.push(`outcome must be one of ${known.join(', ')}, got ${show(outcome)}`)
  }
  if (problems.length > 0) throw new Refusal(400, 'bad_request', problems)
  return {
    limit: count,
    ...(outcome !== undefined && { outcome }),
    ...(server !== undefined && { server }),
  }
}
