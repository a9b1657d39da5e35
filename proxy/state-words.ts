import type { StateEvent } from './core/snapshot.ts'

/** A change of state as a line for whoever reads standard error the next morning. */
export function stateWords({ from, reason, server, to }: StateEvent): string {
  if (to === 'gone') return `${server} was taken out of the pool`
  const because = reason === '' ? '' : ` (${reason})`
  return from === 'gone'
    ? `${server} was added to the pool, and is ${to}${because}`
    : `${server} is ${to}${because}, and was ${from}`
}
