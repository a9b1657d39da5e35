import type { Stats } from '../../proxy/admin/stats.ts'
import { columnsOf, drawColumns, type Cell } from './columns.ts'
import { count, NOTHING, plural, wrap, wrapWords } from '../../simulator/format.ts'
import { type Books, compareBooks, exchangesOf, type FakeCounts } from './ledger.ts'
import type { Paint } from './paint.ts'

/** Three books side by side, and whether they agree. */
export function drawAccounting(books: Books, width: number, paint: Paint): string[] {
  return [
    paint('strong', 'Accounting'),
    '',
    ...drawRequests(books, width, paint),
    '',
    ...drawAttempts(books, width, paint),
    '',
    ...drawVerdict(books, width, paint),
  ]
}

/** What the generator and the proxy each counted. */
function drawRequests({ load, proxy }: Books, width: number, paint: Paint): string[] {
  const { answers } = proxy
  const rows: Cell[][] = [['due', count(load.due), '']]
  if (load.unsendable > 0) rows.push(['  unsendable', count(load.unsendable), ''])
  if (load.shed > 0) rows.push(['  shed', count(load.shed), ''])
  if (load.unconnected > 0) rows.push(['  never connected', count(load.unconnected), ''])
  rows.push(['sent', count(load.sent), count(exchangesOf(proxy))])
  for (const kind of [1, 2, 3, 4, 5] as const) {
    const theirs = answers[`${kind}xx`]
    const always = kind !== 1 && kind !== 3
    if (!always && load.byClass[kind] === 0 && theirs === 0) continue
    rows.push([`  ${kind}xx`, count(load.byClass[kind]), count(theirs)])
  }
  rows.push(['  no whole answer', count(load.failed), count(answers.left)])
  if (load.inflight > 0) rows.push(['  in flight', count(load.inflight), count(proxy.inFlight)])
  const columns = [...columnsOf('left', 'requests'), ...columnsOf('right', 'generator', 'proxy')]
  const lines = drawColumns(columns, rows, width, paint)
  for (const [reason, times] of [...load.reasons].slice(0, 5)) {
    lines.push(
      ...wrapWords(`${count(times)} × ${reason}`, width, '  ').map((line) => paint('faint', line)),
    )
  }
  return lines
}

type Attempts = Stats['servers'][number]['total']['attempts']

/** A column of the accounts: what it counts, and whether it may be left out while it counts nothing. */
interface Account {
  title: string
  of: (id: string, attempts: Attempts, counts: FakeCounts | null) => number | null
  rare?: true
}

/** What the answers say, what the proxy counted, and what each fake counted. */
function drawAttempts({ load, proxy, fakes }: Books, width: number, paint: Paint): string[] {
  const accounts: Account[] = [
    { title: 'answers', of: (id) => load.servers.get(id)?.answers ?? 0 },
    { title: 'ok', of: (_id, { ok }) => ok },
    { title: 'error', of: (_id, { error }) => error },
    { title: 'timeout', of: (_id, { timeout }) => timeout, rare: true },
    { title: 'refused', of: (_id, { refused }) => refused, rare: true },
    { title: 'aborted', of: (_id, { aborted }) => aborted, rare: true },
    { title: 'arrived', of: (_id, _attempts, counts) => counts && counts.arrived },
    { title: 'served', of: (_id, _attempts, counts) => counts && counts.served },
    { title: 'failed', of: (_id, _attempts, counts) => counts && counts.failed + counts.refused },
  ]
  const rows = proxy.servers.map(({ id, total }) => {
    const counts = fakes.find((fake) => fake.id === id)?.counts ?? null
    return { id, figures: accounts.map(({ of }) => of(id, total.attempts, counts)) }
  })
  const own = load.servers.get('')
  if (own !== undefined) {
    rows.push({ id: '(proxy)', figures: accounts.map((_, i) => (i === 0 ? own.answers : null)) })
  }
  const shown = accounts.map(({ rare }, i) => !rare || rows.some(({ figures }) => figures[i]))
  const titles = accounts.filter((_, i) => shown[i]).map(({ title }) => title)
  const lines = drawColumns(
    [...columnsOf('left', 'server'), ...columnsOf('right', ...titles)],
    rows.map(({ id, figures }) => [
      id,
      ...figures
        .filter((_, i) => shown[i])
        .map((figure) => (figure === null ? NOTHING : count(figure))),
    ]),
    width,
    paint,
  )
  const first = titles.indexOf('arrived') - 1
  const whose = [
    'answers: the generator',
    `ok to ${titles[first]}: attempts of the proxy`,
    'arrived to failed: the fakes',
    plural(proxy.retries.total, 'retry', 'retries'),
  ]
  return [...lines, ...wrap('', whose, width).map((line) => paint('faint', line))]
}

function drawVerdict(books: Books, width: number, paint: Paint): string[] {
  const { gaps, notes } = compareBooks(books)
  const lines = notes.flatMap((note) => wrapWords(note, width))
  if (gaps.length === 0) {
    const text = `The books balance: every one of ${plural(books.load.due, 'request')} is accounted for.`
    return [...lines, paint('good', text)]
  }
  lines.push(...wrapWords('The books do not balance:', width).map((line) => paint('bad', line)))
  return [...lines, ...gaps.flatMap((gap) => wrapWords(gap, width, '  '))]
}
