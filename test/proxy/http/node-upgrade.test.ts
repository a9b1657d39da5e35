import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { NodeUpgrade } from '../../../proxy/http/node-upgrade.ts'

test('of what a client sends before it is answered 64 KiB are kept, and no more are read', () => {
  const socket = new Socket()
  const head = Buffer.alloc(1024)
  const upgrade = new NodeUpgrade('websocket', new IncomingMessage(socket), socket, head)
  socket.emit('data', Buffer.alloc(63 * 1024))
  expect(socket.isPaused()).toBe(false)
  socket.emit('data', Buffer.alloc(1))
  expect(socket.isPaused()).toBe(true)
  upgrade.decline()
  expect(socket.isPaused()).toBe(false)
  // Nobody wants it now: it is thrown away as it comes.
  socket.emit('data', Buffer.alloc(1024 * 1024))
  expect(socket.isPaused()).toBe(false)
  socket.destroy()
})
