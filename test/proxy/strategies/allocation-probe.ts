/**
 * Run by allocation.test.ts, one process a strategy, so that the compiler sees only one: prints how many bytes a pick, and
 * a request through the balancer, without and with a retry, allocate.
 */
import { bytesEach } from '../../../experiments/bench/allocation.ts'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

/** How long to wait, in milliseconds, for a busy machine to have compiled the code. */
const PATIENCE = 6000

const clock = new Clock(1)
const strategy = findStrategy(process.argv[2])!
/** Oracles are told something that is as good as anything. */
const remainingWork = (server: Endpoint): number => server.inflight
const balancer = new Balancer({ clock, rng: new Rng(1), strategy, remainingWork })
for (let i = 0; i < 16; i++) balancer.add(new Endpoint(`s${i}`, { weight: 1 + (i % 3) }))
balancer.tick()

let key = 0

/** Another key each time, and now and then another time: that is the world's doing, and costs a boxed number. */
function turn(): void {
  key = (key + 1) | 0
  if ((key & 255) === 0) clock.now += 2.5
}

function pick(): void {
  turn()
  balancer.strategy.pick(key, 0)
}

function serve(): void {
  turn()
  const server = balancer.acquire(key, 0)!
  balancer.release(server, key & 255, (key & 7) === 0 ? 'error' : 'ok')
}

/** One list for all, as what matters is the balancer's part. */
const tried: [Endpoint] = [balancer.servers[0]]

function retry(): void {
  turn()
  const first = balancer.acquire(key, 0)!
  balancer.release(first, key & 255, 'error')
  tried[0] = first
  const second = balancer.acquire(key, 1, tried)!
  balancer.release(second, key & 255, 'ok')
}

/** Allocates an object a call: a probe that could not see it would be worth nothing. */
let kept: object = {}
function allocate(): void {
  kept = { kept: key++ }
}

const report = {
  pick: bytesEach(pick, PATIENCE),
  serve: bytesEach(serve, PATIENCE),
  retry: bytesEach(retry, PATIENCE),
  control: bytesEach(allocate, 0),
}
console.log(JSON.stringify({ ...report, kept: typeof kept }))
