import type { ComponentChildren } from 'preact'
import { duration, short } from '../shell/words.ts'
import { feed } from './state.ts'

/** The numbers of the last ten seconds, set large. */
export function Figures() {
  void feed.version.value
  const now = feed.history.recent
  const inflight = now?.servers.reduce((sum, server) => sum + server.inflight, 0)
  const { latency, errorRate, rate } = now?.requests ?? {}
  return (
    <dl class="card figures" data-old={feed.news.value === 'stale' || undefined}>
      <Figure title="Requests" unit="/s">
        {rate === undefined ? undefined : short(rate)}
      </Figure>
      <Figure title="Errors" unit="%" bad={(errorRate ?? 0) > 0}>
        {errorRate == null ? undefined : short(errorRate * 100)}
      </Figure>
      <Time title="p50" value={latency?.p50} />
      <Time title="p99" value={latency?.p99} />
      <Figure title="In flight">{inflight?.toLocaleString('en-GB')}</Figure>
      <Figure title="Queue" bad={(now?.waiting ?? 0) > 0}>
        {now?.waiting.toLocaleString('en-GB')}
      </Figure>
    </dl>
  )
}

function Time({ title, value }: { readonly title: string; readonly value: number | undefined }) {
  if (value === undefined) return <Figure title={title} unit="ms" />
  const [number, unit] = duration(value)
  return (
    <Figure title={title} unit={unit}>
      {number}
    </Figure>
  )
}

interface FigureProps {
  readonly title: string
  readonly unit?: string
  readonly bad?: boolean
  readonly children?: ComponentChildren
}

function Figure({ bad = false, children, title, unit }: FigureProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd class={bad ? 'bad' : undefined}>
        {children ?? '–'}
        {children !== undefined && unit !== undefined && <span class="unit">{unit}</span>}
      </dd>
    </div>
  )
}
