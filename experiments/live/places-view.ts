import { clip, clock, wrap } from '../../simulator/format.ts'
import type { LiveView } from './live-view.ts'
import type { Paint } from './paint.ts'

/** What runs here, and for how long. */
export function drawTitle(view: LiveView, width: number, paint: Paint): string {
  const time = clock(view.elapsed)
  const title = clip(`Evenkeel · ${view.strategy} · ${view.traffic}`, width - time.length - 2)
  return paint('strong', title) + ' '.repeat(width - title.length - time.length) + time
}

/** Where all of it runs. */
export function drawPlaces(view: LiveView, width: number): string[] {
  const fakes = view.fakes.map(({ id, url, pid }) => `${id} ${url} (${pidText(pid)})`)
  return [...drawProxy(view, width), ...wrap('fakes    ', fakes, width)]
}

/** The same with all fakes on one line, for which their process ids are left out. */
export function drawShortPlaces(view: LiveView, width: number): string[] {
  const text = view.fakes.length === 0 ? '' : rangeOf(view.fakes)
  return [...drawProxy(view, width), clip(`fakes    ${text}`, width)]
}

function drawProxy({ proxy, page }: LiveView, width: number): string[] {
  return wrap('proxy    ', [`${proxy.url} (${pidText(proxy.pid)})`, `page ${page}`], width)
}

/** `b1…b3 http://127.0.0.1:9001 to :9003`; ports that do not follow each other are named one by one. */
function rangeOf(fakes: LiveView['fakes']): string {
  const [first] = fakes
  if (fakes.length === 1) return `${first.id} ${first.url}`
  const ports = fakes.map(({ url }) => Number(new URL(url).port))
  const inARow = ports.every((port, i) => port === ports[0] + i)
  const others = inARow ? [`to :${ports.at(-1)}`] : ports.slice(1).map((port) => `:${port}`)
  return [`${first.id}…${fakes.at(-1)!.id}`, first.url, ...others].join(' ')
}

function pidText(pid: number | undefined): string {
  return pid === undefined ? 'not running' : `pid ${pid}`
}
