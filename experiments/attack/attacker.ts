/** One attack, in a process of its own: what it got is the answer to the message that ordered it. */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Attack, ATTACKS } from './attacks.ts'
import type { Got, Order } from './messages.ts'

/** So many connections are begun at a time. */
const BATCH = 50
/** Whoever attacks has other addresses than others. */
const FROM = '127.0.0.2'

interface One {
  readonly begun: number
  said: string
  endedAfter: number
}

function open(attack: Attack, port: number): { one: One; socket: Socket } {
  const where = { port, host: '127.0.0.1', localAddress: FROM }
  const secure = attack.over === 'h2'
  const socket = secure
    ? connectTls({ ...where, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
    : connect(where)
  const one: One = { begun: performance.now(), said: '', endedAfter: -1 }
  socket.on('error', () => {})
  socket.on('close', () => (one.endedAfter = (performance.now() - one.begun) / 1000))
  socket.on('data', (chunk: Buffer) => {
    if (!secure && one.said.length < 16) one.said += chunk.toString('latin1').slice(0, 16)
  })
  socket.on('drain', () => attack.drain?.(socket))
  socket.once(secure ? 'secureConnect' : 'connect', () => attack.begin(socket))
  return { one, socket }
}

async function run({ attack: place, port, seconds, share }: Order): Promise<Got> {
  const attack = ATTACKS[place]
  const all: ReturnType<typeof open>[] = []
  const until = performance.now() + seconds * 1000
  const ticking = setInterval(() => {
    for (const { socket } of all) if (socket.writable && !socket.connecting) attack.second?.(socket)
  }, 1000)
  const count = Math.ceil(attack.connections * share)
  while (all.length < count && performance.now() < until) {
    for (let i = 0; i < BATCH && all.length < count; i++) all.push(open(attack, port))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const left = (): boolean => all.some(({ one }) => one.endedAfter < 0)
  while (left() && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50))
  clearInterval(ticking)
  const words: Record<string, number> = {}
  for (const { one } of all) {
    const word = wordOf(one)
    words[word] = (words[word] ?? 0) + 1
  }
  const ended = all.map(({ one }) => one.endedAfter).filter((after) => after >= 0)
  for (const { socket } of all) socket.destroy()
  return { words, endedAfter: ended.toSorted((a, b) => a - b)[ended.length >> 1] ?? null }
}

function wordOf({ endedAfter, said }: One): string {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(said)?.[1]
  if (status !== undefined) return endedAfter < 0 ? `${status}, open` : `${status}, closed`
  return endedAfter < 0 ? 'open' : 'closed'
}

process.on('message', (order: Order) => {
  void run(order).then((got) => process.send?.(got))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
