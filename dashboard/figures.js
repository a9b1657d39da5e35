/**
 * What the page computes: plain functions of snapshots, without a document. The shapes are those of proxy/core/snapshot.ts.
 */

/** How many snapshots are looked at together: single seconds are too restless to read. */
export const SECONDS = 10

/** The value in the middle of a histogram's bucket, in milliseconds; as in proxy/core/histogram.ts, 64 buckets to an octave. */
function midpointOf(bucket) {
  return 2 ** ((bucket >> 6) - 10) * (1 + ((bucket & 63) + 0.5) / 64)
}

/** Adds up what attempts or requests came to. */
class Sum {
  count = 0
  span = 0
  outcomes = { ok: 0, error: 0, timeout: 0, refused: 0, aborted: 0 }
  buckets = new Map()
  good = 0
  min = Infinity
  max = 0

  add(tally, span) {
    this.span += span
    this.count += tally.count
    for (const outcome in this.outcomes) this.outcomes[outcome] += tally.outcomes[outcome] ?? 0
    const { latency } = tally
    if (latency === null) return
    this.good += latency.count
    this.min = Math.min(this.min, latency.min)
    this.max = Math.max(this.max, latency.max)
    for (let i = 0; i + 1 < latency.buckets.length; i += 2) {
      const bucket = latency.buckets[i]
      this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + latency.buckets[i + 1])
    }
  }

  /** Per second. */
  get rate() {
    return this.span > 0 ? (this.count * 1000) / this.span : 0
  }

  /** Null when there was nothing to judge. */
  get errorRate() {
    const judged = this.count - this.outcomes.aborted
    return judged > 0 ? (judged - this.outcomes.ok) / judged : null
  }

  /** The commonest way to fail; null when nothing failed. */
  get worst() {
    let worst = null
    for (const outcome of ['error', 'timeout', 'refused']) {
      const most = worst === null ? 0 : this.outcomes[worst]
      if (this.outcomes[outcome] > most) worst = outcome
    }
    return worst
  }

  /** By nearest rank, in milliseconds, for each of the rising shares asked for; null where nothing ended well. */
  quantiles(shares) {
    if (this.good === 0) return shares.map(() => null)
    const sorted = [...this.buckets].sort((a, b) => a[0] - b[0])
    let next = 0
    let seen = 0
    return shares.map((share) => {
      const rank = Math.max(1, Math.ceil(share * this.good - 1e-9))
      if (rank >= this.good) return this.max
      while (next < sorted.length && seen < rank) seen += sorted[next++][1]
      const middle = midpointOf(sorted[next - 1][0])
      return Math.min(this.max, Math.max(this.min, middle))
    })
  }
}

/**
 * The last seconds as one: rates, shares and quantiles over all of them, and the state of the latest.
 */
export function digest(snapshots) {
  const latest = snapshots[snapshots.length - 1]
  const requests = new Sum()
  const sums = new Map(
    latest.servers.map((server) => [server.id, { attempts: new Sum(), picks: 0, due: 0 }]),
  )
  let retries = 0
  let picks = 0
  for (const snapshot of snapshots) {
    requests.add(snapshot.requests, snapshot.span)
    retries += snapshot.retries
    let all = 0
    for (const server of snapshot.servers) all += server.picks
    picks += all
    for (const server of snapshot.servers) {
      const sum = sums.get(server.id)
      if (sum === undefined) continue // It has left since.
      sum.attempts.add(server.attempts, snapshot.span)
      sum.picks += server.picks
      sum.due += (server.dueShare ?? 0) * all
    }
  }
  const [p50, p99] = requests.quantiles([0.5, 0.99])
  return {
    strategy: latest.strategy,
    promise: latest.promise,
    rate: requests.rate,
    errorRate: requests.errorRate,
    worst: requests.worst,
    p50,
    p99,
    inFlight: latest.servers.reduce((sum, server) => sum + server.inflight, 0),
    retryRate: requests.span > 0 ? (retries * 1000) / requests.span : 0,
    picks,
    servers: latest.servers.map((server) => {
      const { attempts, picks: mine, due } = sums.get(server.id)
      const [low, middle, high] = attempts.quantiles([0.5, 0.95, 0.99])
      return {
        id: server.id,
        state: server.state,
        reason: server.reason,
        weight: server.weight,
        inFlight: server.inflight,
        rate: attempts.rate,
        errorRate: attempts.errorRate,
        worst: attempts.worst,
        share: picks > 0 ? mine / picks : null,
        dueShare: picks > 0 ? due / picks : null,
        p50: low,
        p95: middle,
        p99: high,
      }
    }),
  }
}

/**
 * Where the bubble stands: `tilt` is 0 in the middle, 1 with its edge at a line, more beyond; negative is left, where the first
 * servers are. The lines are what chance alone would allow (three standard deviations of a fair draw, and at least two
 * requests), the law that even the random strategies keep.
 */
export function levelOf({ servers, picks, promise }) {
  let most = -1
  let worst = -1
  servers.forEach((server, index) => {
    if (server.share === null) return
    const excess = (server.share - server.dueShare) / toleranceOf(server.dueShare, picks)
    if (excess > worst) {
      worst = excess
      most = index
    }
  })
  if (most < 0) return { tilt: 0, words: 'No request arrived in the last 10 seconds.' }
  const server = servers[most]
  const side = most < (servers.length - 1) / 2 ? -1 : 1
  const tolerance = toleranceOf(server.dueShare, picks)
  const got = percent(server.share)
  const due = percent(server.dueShare)
  const words =
    promise === 'adaptive'
      ? worst <= 1
        ? 'Follows the load; just now shares are as by weight.'
        : `Follows the load: ${server.id} gets ${got} where ${due} is its part by weight.`
      : worst <= 1
        ? 'Even: every server gets the share it is due.'
        : `${server.id} gets ${got} where ${due} ± ${percent(tolerance)} is due.`
  return { tilt: side * worst, words }
}

/** The end of the share bars: the smallest round share that all fit in, so that they can be compared; null without shares. */
export function scaleOf(servers) {
  const most = Math.max(0, ...servers.map((server) => Math.max(server.share, server.dueShare)))
  if (most === 0) return null
  return [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1].find((end) => end >= most) ?? 1
}

function toleranceOf(due, picks) {
  return Math.max(2 / picks, 3 * Math.sqrt((due * (1 - due)) / picks))
}

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** Three significant digits at most, and no zeros to fill up: 1,200, 12.4, 0.03. */
export function short(value) {
  if (value === 0) return '0'
  const rounded = Number(value.toPrecision(3))
  if (Math.abs(rounded) >= 100) return whole.format(rounded)
  const digits = Math.abs(rounded) >= 10 ? 1 : 2
  return rounded.toFixed(digits)
}

/** A share as per cent, with one digit after the point below 10 %. */
export function percent(share) {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value < 0.01) return '< 0.01 %'
  return `${value.toFixed(value < 1 ? 2 : 1)} %`
}

/** A duration as number and unit. */
export function duration(milliseconds) {
  return milliseconds < 999.5 ? [short(milliseconds), 'ms'] : [short(milliseconds / 1000), 's']
}

/** A long time in words: 14 minutes. */
export function ago(milliseconds) {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ]
  const [word, size] = units.find(([, size]) => milliseconds >= size) ?? units[3]
  const count = Math.floor(milliseconds / size)
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** A change of state as a sentence without its subject. */
export function sentenceOf(event) {
  const because = event.reason === '' ? '' : `: ${event.reason}`
  if (event.to === 'gone') return 'was taken out'
  if (event.from === 'gone') return `was added, and is ${event.to}${because}`
  switch (event.to) {
    case 'up':
      return `is up again${because}`
    case 'down':
      return `went down${because}`
    case 'draining':
      return `is draining${because}`
    default:
      return `is ${event.to}${because}`
  }
}
