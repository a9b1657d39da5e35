import type { ServerPoint } from './history.ts'
import { focus, placeOf, pointed, servers } from './state.ts'
import { Swatch } from './swatch.tsx'

/** More than so many servers have no room above a chart: those with the most are named. */
const ROOM = 10
const NAMED = 6

interface Props {
  readonly of: (point: ServerPoint) => number | null
  readonly say: (value: number) => string
}

/** A value a server at the time that is pointed at, which is the legend as well; pointing at one makes the others step back. */
export function Readout({ of, say }: Props) {
  const row = pointed.value
  const valueOf = (id: string): number | null => {
    const point = row?.servers.get(id)
    return point === undefined ? null : of(point)
  }
  const all = servers.value
  const named =
    all.length <= ROOM
      ? all
      : all.toSorted((a, b) => (valueOf(b) ?? -1) - (valueOf(a) ?? -1)).slice(0, NAMED)
  return (
    <ul>
      {named.map((id) => {
        const value = valueOf(id)
        return (
          <li
            key={id}
            onMouseEnter={() => (focus.value = id)}
            onMouseLeave={() => (focus.value = undefined)}
          >
            <Swatch place={placeOf(id)} />
            <span class="id" title={id}>
              {id}
            </span>{' '}
            {value === null ? '–' : say(value)}
          </li>
        )
      })}
      {named.length < all.length && (
        <li class="muted">and {all.length - named.length} with less, in the table</li>
      )}
    </ul>
  )
}
