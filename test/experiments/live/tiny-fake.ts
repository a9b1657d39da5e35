import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

// The least that keeps the contract between a program of the lab and the one who starts it.
const server = createServer((_request, response) => void response.end(process.env['NAME']))
server.on('error', (error: NodeJS.ErrnoException) => {
  process.send?.({ type: 'failed', code: error.code, message: error.message }, () =>
    process.exit(1),
  )
})
const listen = (): void => {
  server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    process.send?.({ type: 'listening', url: `http://127.0.0.1:${port}` })
  })
}
// A test can hold it back at a gate, by keeping its connection.
const gate = process.env['GATE']
if (gate === undefined) listen()
else connect(Number(gate), '127.0.0.1').on('close', listen).resume()
process.on('disconnect', () => process.exit(0))
if (process.env['NAME'] === 'broken') throw new Error('broken by design')
