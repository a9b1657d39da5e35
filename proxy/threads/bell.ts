/**
 * Calls `answer` whenever this thread's bell has been rung, a turn of the loop later at most: a number in the shared memory that others count up and
 * notify of. A message would come to the same, but have to go by the coordinator, and waits behind others.
 */
export function answerBell(bells: Int32Array, thread: number, answer: () => void): void {
  function rung(): void {
    listen() // First: a ring while it answers is another one.
    answer()
  }
  function listen(): void {
    const waiting = Atomics.waitAsync(bells, thread, Atomics.load(bells, thread))
    if (waiting.async) void waiting.value.then(rung)
    else setImmediate(rung) // It was rung in this very moment.
  }
  listen()
}
