import type { ServerSnapshot } from '../../proxy/core/snapshot.ts'
import { duration, percent, short, tick } from '../shell/words.ts'
import { wanted } from './act/desk.ts'
import { FakeActions } from './act/fakes.tsx'
import { PoolActions } from './act/pool-actions.tsx'
import { Draining, ServerActions } from './act/server-actions.tsx'
import { GLYPHS } from './happenings.ts'
import type { Row } from './history.ts'
import { feed, focus, placeOf, rows } from './state.ts'
import { Swatch } from './swatch.tsx'

/** A card a server: how it is and why, and what it does just now. */
export function ServerCards() {
  void feed.version.value
  const now = feed.history.recent
  const old = feed.news.value === 'stale'
  return (
    <section class="servers" aria-label="Servers" data-old={old || undefined}>
      {now === undefined ? (
        <p class="card muted">No news from a proxy yet.</p>
      ) : (
        now.servers.map((server) => <ServerCard key={server.id} server={server} />)
      )}
      {now?.servers.length === 0 && (
        <p class="card muted">There are no servers: every request is refused.</p>
      )}
      <PoolActions />
    </section>
  )
}

function ServerCard({ server }: { readonly server: ServerSnapshot }) {
  const { attempts, id, inflight, reason, share, state, weight } = server
  const { errorRate, latency, rate } = attempts
  const max = wanted.value.get(id)?.max
  const [p99, unit] = latency === null ? ['–', ''] : duration(latency.p99)
  return (
    <article
      class="card server"
      data-state={state}
      onMouseEnter={() => (focus.value = id)}
      onMouseLeave={() => (focus.value = undefined)}
    >
      <header>
        <h3>
          <Swatch place={placeOf(id)} />
          <span class="id" title={id}>
            {id}
          </span>
        </h3>
        <p class="state" title={reason}>
          <span class="glyph" aria-hidden="true">
            {GLYPHS[state] ?? '○'}
          </span>{' '}
          {state}
          {reason !== '' && <span class="reason">: {reason}</span>}
        </p>
      </header>
      <dl>
        <div>
          <dt>rate</dt>
          <dd>
            {short(rate)}
            <span class="unit">/s</span>
          </dd>
        </div>
        <div>
          <dt>share</dt>
          <dd>{share === null ? '–' : percent(share)}</dd>
        </div>
        <div>
          <dt>p99</dt>
          <dd>
            {p99}
            <span class="unit">{unit}</span>
          </dd>
        </div>
        <div>
          <dt>errors</dt>
          <dd class={(errorRate ?? 0) > 0 ? 'bad' : undefined}>
            {errorRate === null ? '–' : percent(errorRate)}
          </dd>
        </div>
        <div>
          <dt>in flight</dt>
          <dd>
            {inflight}
            {max != null && <span class="unit">of {max}</span>}
          </dd>
        </div>
        <div>
          <dt>weight</dt>
          <dd>{tick(weight)}</dd>
        </div>
      </dl>
      <Sparkline id={id} rows={rows.value} />
      <Draining server={server} />
      <ServerActions id={id} />
      <FakeActions id={id} />
    </article>
  )
}

const [WIDTH, HEIGHT] = [120, 24]

/** Its attempts per second over what the charts show. */
function Sparkline({ id, rows }: { readonly id: string; readonly rows: readonly Row[] }) {
  // More points than that nobody can tell apart.
  const every = Math.ceil(rows.length / (WIDTH / 2))
  const rates: number[] = []
  for (let i = rows.length - 1; i >= 0; i -= every) {
    rates.unshift(rows[i].servers.get(id)?.rate ?? 0)
  }
  if (rates.length < 2) return <svg class="spark" height={HEIGHT} aria-hidden="true" />
  const most = Math.max(1, ...rates)
  const points = rates.map(
    (rate, i) =>
      `${((i / (rates.length - 1)) * WIDTH).toFixed(1)} ${(HEIGHT - 1 - (rate / most) * (HEIGHT - 2)).toFixed(1)}`,
  )
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path
        class="area"
        d={`M0 ${HEIGHT}L${points.join('L')}L${WIDTH} ${HEIGHT}Z`}
        data-series={placeOf(id) % 8}
      />
      <path d={`M${points.join('L')}`} data-series={placeOf(id) % 8} />
    </svg>
  )
}
