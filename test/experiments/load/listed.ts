import type { DueRequest, Source } from '../../../experiments/load/source.ts'

/** These requests, in this order. */
export function listed(requests: readonly Partial<DueRequest>[]): Source {
  let index = 0
  return {
    next: () => {
      const request = requests[index++]
      return request && { time: 0, method: 'GET', path: '/', client: 'c', ...request }
    },
  }
}
