import type { LaneFrame } from '../../race/frame.ts'
import { percent } from '../../shell/words.ts'
import { Numbers, type Table } from '../charts/numbers.tsx'

/** What the canvases of the lanes show, in numbers. */
export function LanesTable({ lanes }: { readonly lanes: readonly LaneFrame[] }) {
  return <Numbers label="Requests at each server" table={() => tableOf(lanes)} />
}

/** A server a row, a lane a column: how many it serves and how many wait, and its share of all so far. */
function tableOf(lanes: readonly LaneFrame[]): Table {
  const all = lanes.map(({ servers }) => servers.reduce((sum, { picks }) => sum + picks, 0))
  const rows = (lanes[0]?.servers ?? []).map(({ id }, at) => [
    id,
    ...lanes.map(({ servers }, place) => {
      const server = servers.at(at)
      if (server === undefined) return 'gone'
      const { picks, queued, serving, state } = server
      const share = all[place] === 0 ? '' : `, ${percent(picks / all[place])} so far`
      const how = state === 'up' || state === 'full' ? '' : `${state}: `
      return `${how}${serving} served, ${queued} wait${share}`
    }),
  ])
  return { head: ['Server', ...lanes.map(({ label }) => label)], rows }
}
