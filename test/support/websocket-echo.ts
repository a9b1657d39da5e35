import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

/** A backend as a process: WebSocket at any path, and what comes goes back. Says where it listens, and ends with its parent. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  const { port } = server.address() as AddressInfo
  process.send!({ url: `http://127.0.0.1:${port}` })
})
server.on('connection', (socket) => {
  socket.on('message', (data, binary) => socket.send(data, { binary }))
})
process.on('disconnect', () => process.exit())
