/**
 * Customers of the shop that the fake servers play, for k6: those of locustfile.py, here with a pace for each kind of them. README.md
 * here says how to run it.
 *
 *     k6 run -e HOST=http://127.0.0.1:8080 -e SERVERS=b1,b2,b3 test/load/k6.js
 *
 * Every answer is booked a second time, in `served_by`, under the server that gave it. k6 shows a metric by tag only where a threshold
 * asks for the tag, so SERVERS has to name them. The language is kept to what k6's own engine has had for years.
 */
import { check, sleep } from 'k6'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'

// As of experiments/load/shop-source.ts, so that all ask for the same pages.
const PRODUCTS = 500
const CATALOGUE_PAGES = 20
const CUSTOMERS = 1000
const ORDERS = 100000
const WORDS = ['lamp', 'chair', 'kettle', 'rope', 'compass', 'map', 'anchor', 'lantern', 'oilskin']

const NOBODY = 'nobody' // Answered by the proxy itself, or not at all.

const HOST = __ENV.HOST || 'http://127.0.0.1:8080'
const SERVERS = (__ENV.SERVERS || '').split(',').filter((id) => id !== '')
const USERS = number('USERS', 10)
const SECONDS = number('SECONDS', 30)
const THINK = number('THINK', 1) // A factor; 0: none.
const MAX_P95 = number('MAX_P95', 0) // Milliseconds; 0: no threshold.
const MAX_ERRORS = share('MAX_ERRORS')
const SHAPE = __ENV.SHAPE || 'flat'

const servedBy = new Trend('served_by', true)
const served = new Counter('served')

function number(name, standard) {
  const text = __ENV[name] || String(standard)
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`${name} must be a number, got ${text}`)
  return Number(text)
}

function share(name) {
  const text = __ENV[name] || ''
  if (text === '') return undefined
  const parts = /^(\d+(?:\.\d+)?)(%?)$/.exec(text)
  const value = parts === null ? NaN : Number(parts[1]) / (parts[2] === '%' ? 100 : 1)
  if (!(value <= 1)) throw new Error(`${name} must be like 1% or 0.01, got ${text}`)
  return value
}

/** Stages of all users, in k6's way: within `seconds` to `target`. A step up or down takes one second. */
const SHAPES = {
  flat: (users) => [jump(users), stay(users, 1)],
  ramp: (users) => [stay(users, 1)],
  steps: (users) =>
    [0.2, 0.4, 0.6, 0.8, 1].reduce(
      (stages, part) => stages.concat(jump(part * users), stay(part * users, 0.2)),
      [],
    ),
  spike: (users) =>
    [jump(0.2 * users), stay(0.2 * users, 0.4)].concat(
      [jump(users), stay(users, 0.2)],
      [jump(0.2 * users), stay(0.2 * users, 0.4)],
    ),
}

function jump(users) {
  return { duration: '1s', target: Math.ceil(users) }
}

function stay(users, part) {
  return { duration: `${Math.max(1, Math.round(part * SECONDS))}s`, target: Math.ceil(users) }
}

function customers(exec, part) {
  return {
    executor: 'ramping-vus',
    exec,
    startVUs: 0,
    stages: SHAPES[SHAPE](Math.max(1, part * USERS)),
    gracefulRampDown: '10s',
  }
}

function thresholds() {
  const all = {}
  if (MAX_P95 > 0) all.http_req_duration = [`p(95)<=${MAX_P95}`]
  if (MAX_ERRORS !== undefined) {
    all.http_req_failed = [`rate<=${MAX_ERRORS}`]
    all.checks = [`rate>=${1 - MAX_ERRORS}`] // Answered, but not with what the shop says.
  }
  for (const id of SERVERS.concat(NOBODY)) {
    all[`served_by{server:${id}}`] = ['max>=0'] // Always kept: it makes k6 show the row.
    all[`served{server:${id}}`] = ['count>=0']
  }
  return all
}

if (SHAPES[SHAPE] === undefined)
  throw new Error(`SHAPE must be ${Object.keys(SHAPES).join(', ')}, got ${SHAPE}`)

// Seven of ten look around, two buy, one only asks for heads. k6 exits with 99 if a threshold is broken.
export const options = {
  scenarios: {
    visitors: customers('visit', 0.7),
    buyers: customers('buy', 0.2),
    monitors: customers('look', 0.1),
  },
  thresholds: thresholds(),
}

/** Looks around, and goes. */
export function visit() {
  const dice = Math.random() * 16
  if (dice < 8) product(among(PRODUCTS))
  else if (dice < 12) leafThrough()
  else if (dice < 15) search()
  else ask('GET', '/', '/', titled)
  think(0.5, 3)
}

/** A page of the catalogue, and what is first on it. */
function leafThrough() {
  const page = ask('GET', `/products?page=${among(CATALOGUE_PAGES)}`, '/products', listed)
  if (page !== null) product(page.products[0].id)
}

/** Knows what he wants, and buys it. */
export function buy() {
  search()
  think(1, 5)
  const chosen = product(among(PRODUCTS))
  if (chosen !== null) {
    const line = JSON.stringify({ product: chosen.id, quantity: among(4) })
    if (ask('POST', '/cart', '/cart', summed, line) !== null) {
      think(1, 5)
      ask('GET', '/cart', '/cart', summed)
      ask('GET', `/orders/${among(ORDERS)}`, '/orders/[id]', ordered)
    }
  }
  think(1, 5)
}

/** Asks for the head of the front page only, as monitoring and link checkers do. */
export function look() {
  ask('HEAD', '/', '/')
  think(2, 4)
}

function product(id) {
  return ask('GET', `/products/${id}`, '/products/[id]', priced)
}

function search() {
  return ask('GET', `/search?q=${WORDS[among(WORDS.length) - 1]}`, '/search', titled)
}

/** Gives what the page says, or null if it was no good. k6 books it under `name`, and as a failed check if it was not what the shop says. */
function ask(method, path, name, good, body) {
  const headers = { 'x-client': `customer-${(__VU % CUSTOMERS) + 1}` }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const sent = body === undefined ? null : body
  const answer = http.request(method, HOST + path, sent, { headers, tags: { name } })
  const server = answer.headers['X-Served-By'] || NOBODY // k6 writes names of fields like that.
  servedBy.add(answer.timings.duration, { server })
  served.add(1, { server })
  let page = null
  const sound = check(answer, {
    'is what the shop says': () => {
      if (answer.status !== 200) return false
      if (method === 'HEAD') return true
      page = parsed(answer.body)
      return page !== null && page.server === server && good(page)
    },
  })
  return sound ? page : null
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function titled(page) {
  return page.title !== ''
}

function listed(page) {
  return page.products.length > 0
}

function priced(page) {
  return page.price > 0 && page.name !== ''
}

function summed(page) {
  const total = page.items.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
  return Math.abs(total - page.total) < 0.01
}

function ordered(page) {
  return page.orders.length > 0
}

/** A whole number from 1 on. */
function among(count) {
  return 1 + Math.floor(Math.random() * count)
}

function think(least, most) {
  if (THINK > 0) sleep(THINK * (least + Math.random() * (most - least)))
}
