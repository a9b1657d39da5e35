/** The page at /lb/: listens to the events and writes them down. Whatever comes in is text, never HTML. */
import {
  ago,
  digest,
  duration,
  levelOf,
  percent,
  scaleOf,
  SECONDS,
  sentenceOf,
  short,
} from './figures.js'

const GLYPHS = { up: '●', full: '■', checking: '◌', draining: '◐', down: '✕', gone: '○' }
const PROMISES = { equal: 'equal shares', weight: 'shares by weight', adaptive: 'by load' }
/** Nothing for that long, in milliseconds, and the numbers are old. */
const PATIENCE = 3500
const MOST_EVENTS = 30

const find = (id) => document.getElementById(id)
const clockFace = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

let snapshots = []
let events = []
let startedAt = 0
let lastNews = 0
let staleTimer = 0
let retryDelay = 1000
const rows = new Map()

connect()

function connect() {
  // Relative, so that the page works under any prefix.
  const source = new EventSource('events')
  source.addEventListener('hello', (message) => onHello(JSON.parse(message.data)))
  source.addEventListener('snapshot', (message) => onSnapshot(JSON.parse(message.data)))
  source.addEventListener('state', (message) => onState(JSON.parse(message.data)))
  source.addEventListener('error', () => {
    showStale()
    // The browser itself comes back after a lost connection, but not after an answer that was no stream.
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(connect, retryDelay)
    retryDelay = Math.min(retryDelay * 2, 15_000)
  })
}

function onHello(hello) {
  const started = Date.parse(hello.startedAt)
  if (started !== startedAt) snapshots = []
  startedAt = started
  events = hello.events
  retryDelay = 1000
  setText(find('version'), `Evenkeel ${hello.version}`)
  find('version').title = `Started ${new Date(started).toLocaleString('en-GB')}`
  showEvents()
}

function onState(event) {
  events.push(event)
  if (events.length > MOST_EVENTS) events.shift()
  showEvents()
  const server = snapshots.at(-1)?.servers.find((server) => server.id === event.server)
  if (server !== undefined && event.to !== 'gone') {
    server.state = event.to
    server.reason = event.reason
    show() // The figures follow with the next snapshot; the state does not wait for it.
  }
  setText(find('spoken'), `${event.server} ${sentenceOf(event)}`)
}

function onSnapshot(snapshot) {
  const known = snapshots.at(-1)
  if (known !== undefined && snapshot.time <= known.time) snapshots.pop() // Told twice.
  // After a gap the old seconds say nothing about now.
  if (known !== undefined && snapshot.time - known.time > SECONDS * 1000) snapshots = []
  snapshots.push(snapshot)
  if (snapshots.length > SECONDS) snapshots.shift()
  lastNews = Date.now()
  clearTimeout(staleTimer)
  staleTimer = setTimeout(showStale, PATIENCE)
  if (events.length === 0) showEvents()
  document.body.dataset.news = 'live'
  setText(find('news'), 'Live')
  show()
}

function show() {
  const now = digest(snapshots)
  showFigures(now)
  showServers(now.servers)
  showLevel(now)
}

/** Greys the numbers out and says since when. Called again and again while it lasts; it changes little. */
function showStale() {
  const never = lastNews === 0
  document.body.dataset.news = never ? 'waiting' : 'stale'
  const since = `No news since ${clockFace.format(lastNews)}, trying again`
  setText(find('news'), never ? 'No answer yet, trying again' : since)
  document.title = never ? 'Evenkeel' : '… Evenkeel'
}

function showFigures(now) {
  setNumber(find('rate'), short(now.rate), 'req/s')
  setErrors(find('errors'), now.errorRate, null)
  setDuration(find('p50'), now.p50)
  setDuration(find('p99'), now.p99)
  setNumber(find('inflight'), now.inFlight.toLocaleString('en-GB'))
  setNumber(find('retries'), short(now.retryRate), '/s')
  setNumber(find('strategy'), now.strategy, PROMISES[now.promise])
  const up = now.servers.filter((server) => server.state === 'up' || server.state === 'full')
  const all = now.servers.length
  document.title = up.length === all ? 'Evenkeel' : `✕ ${up.length} of ${all} up · Evenkeel`
}

function showServers(servers) {
  const body = find('servers')
  if (rows.size === 0) body.replaceChildren()
  const scale = scaleOf(servers)
  setText(find('scale'), scale === null ? '' : `Full bar: ${Math.round(100 * scale)} %`)
  servers.forEach((server, index) => {
    let row = rows.get(server.id)
    if (row === undefined) {
      row = makeRow(server.id, index)
      rows.set(server.id, row)
      body.append(row.element)
    }
    fillRow(row, server, scale ?? 1)
  })
  const present = new Set(servers.map((server) => server.id))
  for (const [id, row] of rows) {
    if (present.has(id)) continue
    row.element.remove()
    rows.delete(id)
  }
}

function makeRow(id, index) {
  const element = make('tr', '', { role: 'row' })
  element.dataset.series = String(index % 8)
  const name = make('th', 'id', { role: 'rowheader', scope: 'row' })
  name.textContent = id
  name.title = id
  const cell = (label, kind) => {
    const td = make('td', kind, { role: 'cell' })
    td.dataset.label = label
    return td
  }
  const row = {
    element,
    state: cell('State', 'state'),
    weight: cell('Weight', 'number'),
    share: cell('Share', 'share'),
    rate: cell('Rate', 'number'),
    inFlight: cell('In flight', 'number'),
    errors: cell('Errors', 'number'),
    p50: cell('p50', 'number'),
    p95: cell('p95', 'number'),
    p99: cell('p99', 'number'),
    glyph: make('span', 'glyph', { 'aria-hidden': 'true' }),
    word: make('span', 'word'),
    reason: make('span', 'reason'),
    fill: make('span', 'fill'),
    tick: make('span', 'tick'),
    shareText: make('span', 'text'),
  }
  row.state.append(row.glyph, row.word, row.reason)
  const bar = make('span', 'bar', { 'aria-hidden': 'true' })
  bar.append(row.fill, row.tick)
  row.share.append(bar, row.shareText)
  const { state, weight, share, rate, inFlight, errors, p50, p95, p99 } = row
  element.append(name, state, weight, share, rate, inFlight, errors, p50, p95, p99)
  return row
}

function fillRow(row, server, scale) {
  row.element.dataset.state = server.state
  setText(row.glyph, GLYPHS[server.state] ?? '?')
  setText(row.word, server.state)
  setText(row.reason, server.reason)
  row.reason.title = server.reason
  setNumber(row.weight, String(Number(server.weight.toPrecision(3))))
  const share = server.share ?? 0
  const due = server.dueShare ?? 0
  row.fill.style.transform = `scaleX(${share / scale})`
  row.tick.style.left = `${(100 * due) / scale}%`
  row.tick.hidden = due === 0
  if (share === 0 && due === 0) setNumber(row.shareText, '–')
  else setNumber(row.shareText, percent(share).replace(' %', ''), `/ ${percent(due)}`)
  setNumber(row.rate, short(server.rate), '/s')
  setNumber(row.inFlight, server.inFlight.toLocaleString('en-GB'))
  setErrors(row.errors, server.errorRate, server.worst)
  setDuration(row.p50, server.p50)
  setDuration(row.p95, server.p95)
  setDuration(row.p99, server.p99)
}

function showLevel(now) {
  const { tilt, words } = levelOf(now)
  const size = Math.abs(tilt)
  // Within the lines in proportion; beyond them on towards the end, which it reaches at four times the tolerance.
  const way = size <= 1 ? 4.5 * size : 4.5 + 29 * Math.min(1, (size - 1) / 3)
  find('bubble').style.transform = `translateX(${(Math.sign(tilt) * way).toFixed(2)}px)`
  setText(find('tip'), words)
  setText(find('balance'), words)
  find('level').setAttribute('aria-label', `Level. ${words}`)
}

function showEvents() {
  const recent = events.slice(-MOST_EVENTS).toReversed()
  find('events').replaceChildren(...recent.map(makeEvent))
  const quiet = find('quiet')
  quiet.hidden = recent.length > 0
  const since = Date.now() - startedAt
  if (startedAt > 0) setText(quiet, `Nothing, for ${ago(Math.max(0, since))}.`)
}

function makeEvent(event) {
  const item = make('li')
  item.dataset.state = event.to
  const when = new Date(startedAt + event.time)
  const time = make('time', '', { datetime: when.toISOString() })
  time.textContent = clockFace.format(when)
  const glyph = make('span', 'glyph', { 'aria-hidden': 'true' })
  glyph.textContent = GLYPHS[event.to] ?? '?'
  const id = make('span', 'id')
  id.textContent = event.server
  const sentence = make('span', 'sentence')
  sentence.append(id, ` ${sentenceOf(event)}`)
  item.append(time, glyph, sentence)
  return item
}

function setDuration(element, milliseconds) {
  if (milliseconds === null) setNumber(element, '–')
  else setNumber(element, ...duration(milliseconds))
}

function setErrors(element, rate, worst) {
  element.classList.toggle('bad', rate !== null && rate > 0)
  if (rate === null) setNumber(element, '–')
  else
    setNumber(
      element,
      percent(rate).replace(' %', ''),
      rate > 0 && worst !== null ? `% ${worst}` : '%',
    )
}

/** A number and, smaller, its unit. */
function setNumber(element, text, unit = '') {
  if (element.childElementCount !== 2) {
    element.replaceChildren(make('span', 'value'), make('span', 'unit'))
  }
  setText(element.firstElementChild, text)
  setText(element.lastElementChild, unit)
}

/** Leaves alone what stays the same. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function make(tag, kind = '', attributes = {}) {
  const element = document.createElement(tag)
  if (kind !== '') element.className = kind
  for (const name in attributes) element.setAttribute(name, attributes[name])
  return element
}
