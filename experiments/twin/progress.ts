/** One line on a terminal that says how long live runs still take; nothing at all anywhere else. `before`: whose runs they are. */
export function twinProgress(stream: NodeJS.WriteStream, before = ''): OnRun {
  const startedAt = performance.now()
  return (done, all) => {
    if (!stream.isTTY) return
    const left = Math.ceil(((performance.now() - startedAt) / done) * (all - done))
    const words = `${before}${done} of ${all} runs · about ${Math.ceil(left / 1000)} s left`
    stream.write(done === all ? '\r\u001B[K' : `\r\u001B[K${words}`)
  }
}

type OnRun = (done: number, all: number) => void
